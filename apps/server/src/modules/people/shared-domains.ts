/** Where everybody has an address: it says nothing of two that both have theirs there. */
export const sharedDomains = [
  ...['gmail.com', 'googlemail.com', 'msn.com', 'icloud.com', 'me.com', 'mac.com', 'aol.com', 'mail.com'],
  ...['gmx.com', 'gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch', 'web.de', 't-online.de', 'proton.me', 'protonmail.com'],
  ...['siol.net', 't-2.net', 'amis.net', 'telemach.net', 'volja.net', 'email.si', 'guest.arnes.si'],
  ...['online.no', 'broadpark.no', 'getmail.no', 'lyse.net', 'start.no', 'altibox.no'],
  ...ofCountries(
    'yahoo',
    'com co.uk de fr it es nl no se dk fi ie at be ch gr pl ro hu ca com.au com.br com.mx com.tr in',
  ),
  ...ofCountries('hotmail', 'com co.uk de fr it es nl no se dk fi at be ch gr hu rs ca com.au com.br com.tr'),
  ...ofCountries('outlook', 'com co.uk de fr it es dk ie at be gr hu sk cz pt com.au com.br com.tr'),
  ...ofCountries('live', 'com co.uk de fr it nl no se dk fi ie at be ca com.au com.mx com.pt'),
]

function ofCountries(name: string, endings: string): string[] {
  return endings.split(' ').map((ending) => `${name}.${ending}`)
}
