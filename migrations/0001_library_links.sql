CREATE TABLE `library_folder` (
	`root` text NOT NULL,
	`path` text NOT NULL,
	PRIMARY KEY(`root`, `path`)
);
--> statement-breakpoint
CREATE TABLE `library_link` (
	`id` integer PRIMARY KEY NOT NULL,
	`root` text NOT NULL,
	`path` text NOT NULL,
	`grab_id` integer NOT NULL,
	`tmdb_id` integer NOT NULL,
	`want_ids` text NOT NULL,
	`source` text NOT NULL,
	`targets` text NOT NULL,
	`made_at` integer,
	`reported_at` integer,
	`missing_since` integer,
	`removed_at` integer,
	FOREIGN KEY (`grab_id`) REFERENCES `grab`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `library_link_place` ON `library_link` (`root`,`path`);--> statement-breakpoint
CREATE INDEX `library_link_grab` ON `library_link` (`grab_id`);--> statement-breakpoint
CREATE INDEX `library_link_title` ON `library_link` (`root`,`tmdb_id`);