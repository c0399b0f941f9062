/**
 * Gives up a call into a file system that does not return within `limit` ms (error code `TIMEOUT`). Until it does
 * return no other is made: each would hold one more of the few threads that there are for files.
 */
export const callsInTime = (limit: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const hung = () => Object.assign(new Error('the file system does not answer'), { code: 'TIMEOUT' });
  let stuck = false;
  return async (work) => {
    if (stuck) {
      throw hung();
    }
    const run = work();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        stuck = true;
        const back = () => {
          stuck = false;
        };
        run.then(back, back);
        reject(hung());
      }, limit);
    });
    return Promise.race([run, late]).finally(() => clearTimeout(timer));
  };
};
