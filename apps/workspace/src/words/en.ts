import accounts from '../features/accounts/accounts.en.json'
import articles from '../features/articles/articles.en.json'
import inbox from '../features/inbox/inbox.en.json'
import insight from '../features/insight/insight.en.json'
import macros from '../features/macros/macros.en.json'
import mailboxes from '../features/mailboxes/mailboxes.en.json'
import mails from '../features/mails/mails.en.json'
import notices from '../features/notices/notices.en.json'
import people from '../features/people/people.en.json'
import programmes from '../features/programmes/programmes.en.json'
import requests from '../features/requests/requests.en.json'
import shell from '../features/shell/shell.en.json'
import start from '../features/start/start.en.json'
import surveys from '../features/surveys/surveys.en.json'
import touchpoints from '../features/touchpoints/touchpoints.en.json'
import upkeep from '../features/articles/upkeep.en.json'

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
