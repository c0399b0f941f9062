/** The tests of reading names, in the same way. */
import '../domain/selection/guard.test.ts';
import '../domain/selection/markers.test.ts';
import '../domain/selection/moreNames.test.ts';
import '../domain/selection/nastyNames.test.ts';
import '../domain/selection/numbers.test.ts';
import '../domain/selection/tags.test.ts';
import '../domain/selection/titles.test.ts';
