/** Names that help desks send instead of tags. */
const names: Readonly<Record<string, string>> = {
  ...{ english: 'en', eng: 'en' },
  ...{ slovenian: 'sl', slovene: 'sl', slovenščina: 'sl', slovensko: 'sl', slv: 'sl' },
  ...{ norwegian: 'nb', norsk: 'nb', bokmål: 'nb', nynorsk: 'nb', nor: 'nb', nob: 'nb', no: 'nb', nn: 'nb' },
}

/**
 * One spelling for each language, so that people who are alike are counted together: `sl` for *SL*, *sl-SI* and
 * *Slovenian*. A language that Lahko does not speak keeps its tag or its name.
 */
export function languageCalled(text: string): string {
  const word = text
    .trim()
    .toLowerCase()
    .split(/[\s_(-]/)[0]!
  return Object.hasOwn(names, word) ? names[word]! : word
}
