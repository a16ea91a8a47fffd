import type { VoteReason } from '@lahko/contract/article-votes'
import type { Language } from '@lahko/contract/values'

/** Why an article did not help, and in whose words, if they wrote any. */
export type Declined = { language: Language; reason: VoteReason; comment?: string }

/** Of readers whom an article did not help, by its name in addresses. */
export const declined: Readonly<Record<string, readonly Declined[]>> = {
  'track-parcel': [
    { language: 'sl', reason: 'missing', comment: 'Številka za sledenje po dveh dneh še vedno ni najdena. Kaj zdaj?' },
    {
      language: 'en',
      reason: 'unclear',
      comment: 'What is a sorting centre, and why has my parcel been in three of them?',
    },
    { language: 'nb', reason: 'missing', comment: 'Hva gjør jeg hvis sporingen viser feil postnummer?' },
    { language: 'sl', reason: 'other' },
  ],
  'return-something': [
    { language: 'nb', reason: 'unclear', comment: 'Finner ikke «Returner varer» på mobilen.' },
    { language: 'sl', reason: 'missing', comment: 'Kaj če sem del naročila že zamenjal?' },
    { language: 'en', reason: 'missing' },
  ],
  'exchange-size': [{ language: 'en', reason: 'missing', comment: 'Can I exchange two pairs of boots in one parcel?' }],
  'repair-zip': [
    { language: 'sl', reason: 'missing', comment: 'Kako pa zamenjam drsnik na zadrgi, ki se odpira z obeh strani?' },
    { language: 'en', reason: 'other' },
  ],
  'refund-time': [
    { language: 'en', reason: 'wrong', comment: 'It says three working days by card. I have waited for eight.' },
    { language: 'sl', reason: 'wrong', comment: 'Pri plačilu po UPN je trajalo štiri dni, ne enega.' },
    {
      language: 'nb',
      reason: 'unclear',
      comment: 'Regnes de fem dagene fra jeg sendte pakken eller fra dere fikk den?',
    },
    { language: 'en', reason: 'missing', comment: 'Nothing about orders that were paid in instalments.' },
    { language: 'sl', reason: 'unclear' },
    { language: 'en', reason: 'wrong' },
  ],
  'book-ski-service': [{ language: 'sl', reason: 'missing', comment: 'Ali je možen prevzem po 18. uri?' }],
  'binding-setting': [
    { language: 'sl', reason: 'unclear', comment: 'Kateri tip sem, če smučam srednje hitro in po strmem?' },
    { language: 'en', reason: 'wrong', comment: 'In the shop I paid €15, not €12.' },
    { language: 'nb', reason: 'missing' },
  ],
}
