import accounts from '../features/accounts/accounts.nb.json'
import articles from '../features/articles/articles.nb.json'
import inbox from '../features/inbox/inbox.nb.json'
import insight from '../features/insight/insight.nb.json'
import macros from '../features/macros/macros.nb.json'
import mailboxes from '../features/mailboxes/mailboxes.nb.json'
import mails from '../features/mails/mails.nb.json'
import notices from '../features/notices/notices.nb.json'
import people from '../features/people/people.nb.json'
import programmes from '../features/programmes/programmes.nb.json'
import requests from '../features/requests/requests.nb.json'
import shell from '../features/shell/shell.nb.json'
import start from '../features/start/start.nb.json'
import surveys from '../features/surveys/surveys.nb.json'
import touchpoints from '../features/touchpoints/touchpoints.nb.json'
import upkeep from '../features/articles/upkeep.nb.json'

export const words = {
  accounts,
  articles,
  inbox,
  insight,
  macros,
  mailboxes,
  mails,
  notices,
  people,
  programmes,
  requests,
  shell,
  start,
  surveys,
  touchpoints,
  upkeep,
}
