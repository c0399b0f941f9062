import { iso } from '../kit/clock.js';
import { guid } from '../kit/ids.js';
import type { ScanTask } from './scanTask.js';

export const SCAN_TASK_ID = guid('task:RefreshLibrary');

/** GET /ScheduledTasks: the library scan among others. */
export function tasksDto(scan: ScanTask): Record<string, unknown>[] {
  return [otherTask(), scanDto(scan)];
}

export function scanDto(scan: ScanTask): Record<string, unknown> {
  const { last } = scan;
  return {
    Name: 'Scan Media Library',
    State: scan.running ? 'Running' : 'Idle',
    ...(scan.running ? { CurrentProgressPercentage: scan.progress() } : {}),
    Id: SCAN_TASK_ID,
    ...(last === null
      ? {}
      : {
          LastExecutionResult: {
            StartTimeUtc: iso(last.startedAt),
            EndTimeUtc: iso(last.endedAt),
            Status: last.status,
            Name: 'Scan Media Library',
            Key: 'RefreshLibrary',
            Id: SCAN_TASK_ID,
          },
        }),
    Triggers: [{ Type: 'IntervalTrigger', IntervalTicks: 432_000_000_000 }],
    Description: 'Scans your media library for new files and refreshes metadata.',
    Category: 'Library',
    IsHidden: false,
    Key: 'RefreshLibrary',
  };
}

function otherTask(): Record<string, unknown> {
  return {
    Name: 'Clean Cache Directory',
    State: 'Idle',
    Id: guid('task:DeleteCacheFiles'),
    Triggers: [],
    Description: 'Deletes cache files no longer needed by the system.',
    Category: 'Maintenance',
    IsHidden: false,
    Key: 'DeleteCacheFiles',
  };
}
