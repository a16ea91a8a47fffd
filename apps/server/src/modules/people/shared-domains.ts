/** Where everybody has an address: it says nothing of two that both have theirs there. */
export const sharedDomains = [
  ...['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'yahoo.com', 'icloud.com'],
  ...['me.com', 'aol.com', 'gmx.com', 'gmx.net', 'gmx.de', 'web.de', 'proton.me', 'protonmail.com', 'mail.com'],
  ...['siol.net', 't-2.net', 'amis.net', 'telemach.net', 'volja.net', 'email.si', 'hotmail.no', 'online.no'],
  ...['live.no', 'broadpark.no', 'getmail.no'],
]
