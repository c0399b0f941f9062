/** Keeps Stryker away from what is written for people only: the `got` and `wanted` of a rejection. */
export const REFUSALS = ['refuse', 'refuseForNow', 'rejection'];

const texts = {
  shouldIgnore({ listKey, key, parent }) {
    const isText = listKey === 'arguments' && key > 0 && REFUSALS.includes(parent?.callee?.name);
    return isText ? 'wording of a rejection' : undefined;
  },
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'texts', value: texts }];
