/** Why Lahko itself did not hand the mail to the server. */
const hindrances = [
  'answered_already',
  'expired',
  'programme_off',
  'survey_closed',
  'no_address',
  'unsubscribed',
  'suppressed',
  'bounced',
  'replied',
  'open_problem',
  'gone',
  'link_over',
] as const

export function isHindrance(reply: string): reply is (typeof hindrances)[number] {
  return hindrances.some((one) => one === reply)
}
