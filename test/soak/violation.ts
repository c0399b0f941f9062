/** Something that must hold did not. */
export class Violation extends Error {}
