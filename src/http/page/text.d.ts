/** What the build takes in as text. */
declare module '*.html' {
  const text: string;
  export default text;
}
declare module '*.css' {
  const text: string;
  export default text;
}
/** The page's script, built from `client/` before the rest. */
declare module '#page-script' {
  const text: string;
  export default text;
}
