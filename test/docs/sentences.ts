/** Words by which a sentence says that something holds without exception. */
const absolute =
  /\b(?:never|always|every\w*|nothing|nobody|none|only|cannot|at most|at once|at the latest|until|whatever|whoever|dead|read back|verified|by (?:itself|themselves)|within|both|still)\b/i;

/** An item's headline in bold: `- **Revoked means revoked.**` */
const headline = /^[-*] \*\*[^*]+[.!]\*\*$/;

export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** The sentences of a page, each on one line: of paragraphs, items and rows, not of what a fence shows. */
export const sentencesOf = (page: string): string[] =>
  page
    .replaceAll(/^```[^\n]*\n[\s\S]*?^```$/gm, '\n\n')
    .split(/\n\s*\n|\n(?=[-*] |\d+\. |\||#)/)
    .map(oneLine)
    .flatMap((block) => block.split(/(?<=[.!?](?:\*\*|[)"”])?)\s+(?=[A-Z*`"“[(])/))
    .filter((sentence) => sentence !== '');

export const soundsLikeAPromise = (sentence: string): boolean => absolute.test(sentence) || headline.test(sentence);
