CREATE INDEX `grab_ended` ON `grab` (`ended_at`);--> statement-breakpoint
CREATE INDEX `grab_want_rejected` ON `grab_want` (`grab_id`) WHERE "grab_want"."outcome" = 'rejected';--> statement-breakpoint
CREATE INDEX `library_link_unreported` ON `library_link` (`id`) WHERE "library_link"."reported_at" is null;--> statement-breakpoint
CREATE INDEX `rd_entry_removed` ON `rd_entry` (`removed_at`);--> statement-breakpoint
CREATE INDEX `release_fact_want` ON `release_fact` (`want_id`);--> statement-breakpoint
CREATE INDEX `request_fulfilled_alone` ON `request` (`completed_by_seerr_at`) WHERE "request"."fulfilled_at" is not null and "request"."withdrawn_at" is null;