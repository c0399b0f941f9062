CREATE TABLE `cache_entry` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `cache_entry_expires` ON `cache_entry` (`expires_at`);--> statement-breakpoint
CREATE TABLE `decision` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`request_id` integer,
	`want` text,
	`kind` text NOT NULL,
	`code` text NOT NULL,
	`text` text NOT NULL,
	`data` text
);
--> statement-breakpoint
CREATE INDEX `decision_request` ON `decision` (`request_id`,`id`);--> statement-breakpoint
CREATE INDEX `decision_at` ON `decision` (`at`);--> statement-breakpoint
CREATE TABLE `grab` (
	`id` integer PRIMARY KEY NOT NULL,
	`info_hash` text NOT NULL,
	`release` text NOT NULL,
	`plan` text NOT NULL,
	`request_id` integer,
	`role` text NOT NULL,
	`rank` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`seeders` integer,
	`file_index` integer,
	`ours` integer NOT NULL,
	`rd_id` text,
	`known_ids` text NOT NULL,
	`add_sent_at` integer,
	`select_sent_at` integer,
	`selected_ids` text,
	`placed` text,
	`cached` integer,
	`status` text,
	`progress` integer DEFAULT 0 NOT NULL,
	`progress_at` integer NOT NULL,
	`missing_since` integer,
	`look_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ready_at` integer,
	`scans` integer DEFAULT 0 NOT NULL,
	`scan_asked_at` integer,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	CONSTRAINT "grab_state" CHECK("grab"."state" in ('adding', 'selecting', 'downloading', 'ready', 'in-library', 'failed', 'withdrawn', 'discarding')),
	CONSTRAINT "grab_role" CHECK("grab"."role" in ('chosen', 'probe')),
	CONSTRAINT "grab_ended" CHECK(("grab"."ended_at" is null) = ("grab"."state" in ('adding', 'selecting', 'downloading', 'ready', 'discarding')))
);
--> statement-breakpoint
CREATE INDEX `grab_open` ON `grab` (`state`) WHERE "grab"."ended_at" is null;--> statement-breakpoint
CREATE INDEX `grab_hash` ON `grab` (`info_hash`);--> statement-breakpoint
CREATE INDEX `grab_created` ON `grab` (`created_at`);--> statement-breakpoint
CREATE TABLE `grab_want` (
	`grab_id` integer NOT NULL,
	`want_id` integer NOT NULL,
	`role` text NOT NULL,
	`outcome` text,
	`released_at` integer,
	PRIMARY KEY(`grab_id`, `want_id`),
	FOREIGN KEY (`grab_id`) REFERENCES `grab`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`want_id`) REFERENCES `want`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_open_chosen_grab` ON `grab_want` (`want_id`) WHERE "grab_want"."role" = 'chosen' and "grab_want"."released_at" is null;--> statement-breakpoint
CREATE INDEX `grab_want_by_want` ON `grab_want` (`want_id`);--> statement-breakpoint
CREATE TABLE `ledger` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`service` text NOT NULL,
	`operation` text NOT NULL,
	`request_id` integer,
	`plan` text,
	`grab_id` integer,
	`attempt` integer NOT NULL,
	`status` integer,
	`duration_ms` integer NOT NULL,
	`failure` text,
	`counted` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `ledger_at` ON `ledger` (`at`,`service`);--> statement-breakpoint
CREATE INDEX `ledger_request` ON `ledger` (`request_id`);--> statement-breakpoint
CREATE INDEX `ledger_plan` ON `ledger` (`plan`);--> statement-breakpoint
CREATE TABLE `rd_entry` (
	`rd_id` text PRIMARY KEY NOT NULL,
	`info_hash` text NOT NULL,
	`grab_id` integer,
	`ours` integer NOT NULL,
	`selected_ids` text,
	`created_at` integer NOT NULL,
	`removed_at` integer,
	FOREIGN KEY (`grab_id`) REFERENCES `grab`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `rd_entry_hash` ON `rd_entry` (`info_hash`);--> statement-breakpoint
CREATE INDEX `rd_entry_grab` ON `rd_entry` (`grab_id`);--> statement-breakpoint
CREATE TABLE `release_fact` (
	`id` integer PRIMARY KEY NOT NULL,
	`info_hash` text NOT NULL,
	`want_id` integer,
	`file_ids` text,
	`code` text NOT NULL,
	`at` integer NOT NULL,
	`until` integer,
	FOREIGN KEY (`want_id`) REFERENCES `want`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `release_fact_hash` ON `release_fact` (`info_hash`);--> statement-breakpoint
CREATE INDEX `release_fact_until` ON `release_fact` (`until`);--> statement-breakpoint
CREATE TABLE `request` (
	`id` integer PRIMARY KEY NOT NULL,
	`media_id` integer NOT NULL,
	`type` text NOT NULL,
	`tmdb_id` integer NOT NULL,
	`tvdb_id` integer,
	`imdb_id` text,
	`tier` text NOT NULL,
	`title` text,
	`year` integer,
	`seasons` text NOT NULL,
	`requested_by` integer,
	`handled_by_arr` integer DEFAULT false NOT NULL,
	`status` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	`expand_at` integer,
	`expanded_fully` integer DEFAULT false NOT NULL,
	`fulfilled_at` integer,
	`withdrawn_at` integer,
	`completed_by_seerr_at` integer,
	`close_step` text,
	`close_tries` integer DEFAULT 0 NOT NULL,
	`close_next_at` integer,
	`attention_code` text,
	`attention_message` text,
	`attention_hint` text,
	`attention_at` integer
);
--> statement-breakpoint
CREATE INDEX `request_open` ON `request` (`id`) WHERE "request"."fulfilled_at" is null and "request"."withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX `request_fulfilled` ON `request` (`fulfilled_at`);--> statement-breakpoint
CREATE TABLE `request_want` (
	`request_id` integer NOT NULL,
	`want_id` integer NOT NULL,
	`seen_at` integer,
	`released_at` integer,
	PRIMARY KEY(`request_id`, `want_id`),
	FOREIGN KEY (`request_id`) REFERENCES `request`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`want_id`) REFERENCES `want`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `request_want_live` ON `request_want` (`want_id`) WHERE "request_want"."seen_at" is null and "request_want"."released_at" is null;--> statement-breakpoint
CREATE INDEX `request_want_by_want` ON `request_want` (`want_id`);--> statement-breakpoint
CREATE TABLE `search_input` (
	`plan` text PRIMARY KEY NOT NULL,
	`request_id` integer NOT NULL,
	`at` integer NOT NULL,
	`input` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `search_input_request` ON `search_input` (`request_id`);--> statement-breakpoint
CREATE INDEX `search_input_at` ON `search_input` (`at`);--> statement-breakpoint
CREATE TABLE `state` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `want` (
	`id` integer PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`tmdb_id` integer NOT NULL,
	`season` integer NOT NULL,
	`episode` integer NOT NULL,
	`tier` text NOT NULL,
	`imdb_id` text,
	`due_at` integer,
	`next_action_at` integer,
	`backoff_step` integer DEFAULT 0 NOT NULL,
	`first_due_at` integer,
	`searched_at` integer,
	`offers` integer DEFAULT 0 NOT NULL,
	`retried_at` integer,
	`rejected_at` integer,
	`wait_code` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `want_identity` ON `want` (`type`,`tmdb_id`,`season`,`episode`,`tier`);--> statement-breakpoint
CREATE INDEX `want_next` ON `want` (`next_action_at`);