import accounts from '../features/accounts/accounts.sl.json'
import articles from '../features/articles/articles.sl.json'
import inbox from '../features/inbox/inbox.sl.json'
import insight from '../features/insight/insight.sl.json'
import macros from '../features/macros/macros.sl.json'
import mailboxes from '../features/mailboxes/mailboxes.sl.json'
import mails from '../features/mails/mails.sl.json'
import notices from '../features/notices/notices.sl.json'
import people from '../features/people/people.sl.json'
import programmes from '../features/programmes/programmes.sl.json'
import requests from '../features/requests/requests.sl.json'
import shell from '../features/shell/shell.sl.json'
import start from '../features/start/start.sl.json'
import surveys from '../features/surveys/surveys.sl.json'
import touchpoints from '../features/touchpoints/touchpoints.sl.json'
import upkeep from '../features/articles/upkeep.sl.json'

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
