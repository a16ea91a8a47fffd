const genitives: Readonly<Record<string, string>> = {
  ...{ januar: 'januarja', februar: 'februarja', marec: 'marca', april: 'aprila', maj: 'maja', junij: 'junija' },
  ...{ julij: 'julija', avgust: 'avgusta', september: 'septembra', oktober: 'oktobra', november: 'novembra' },
  december: 'decembra',
}
const monthOfDay = new RegExp(`(\\d\\.\\s)(${Object.keys(genitives).join('|')})(?!\\p{L})`, 'gu')

/** Slovenian puts the month of a day into the genitive (*od 26. novembra*), which the platform's own formats do not. */
export function withGenitiveMonths(text: string): string {
  return text.replaceAll(monthOfDay, (_, day: string, month: string) => day + genitives[month]!)
}
