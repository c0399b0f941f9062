/**
 * The tests of judge, rank and files as one module, which loads in a tenth of the time. Without the random ones: what
 * they catch today they may miss tomorrow.
 */
import '../domain/selection/decide.test.ts';
import '../domain/selection/files.test.ts';
import '../domain/selection/judge.test.ts';
import '../domain/selection/nameFilter.test.ts';
import '../domain/selection/nastyNames.test.ts';
import '../domain/selection/profileChoice.test.ts';
import '../domain/selection/rank.test.ts';
import '../domain/selection/recordedVerdicts.test.ts';
import '../domain/selection/seasons.test.ts';
import '../domain/selection/spanningPacks.test.ts';
