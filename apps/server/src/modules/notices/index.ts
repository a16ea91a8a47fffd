import type { Module } from '#platform/module.ts'
import { collectedDue } from './collecting.ts'
import { digestsDue } from './digests.ts'
import { forgetNoticesTask } from './forgetting.ts'
import { isMemberOf } from './notice-mails.queries.ts'
import { noticeRoutes } from './notices.routes.ts'
import { mailKind } from './notifying.ts'
import { leaverTask, ruleTasks } from './rules.ts'
import { prepareTask, prepareTasks } from './settings.ts'
import { flowingTask, hinderedTask, outboxTasks } from './telling-outbox.ts'

/** What members should know: the bell, mails at once, the daily digest. It knows nothing of surveys. */
export const notices: Module = {
  name: 'notices',
  tables: [
    'notices',
    'notice_settings',
    'notice_mutes',
    'notice_rules',
    'notice_mails',
    'mailed_subjects',
    'collected_notices',
  ],
  routes: (house, modules) => noticeRoutes(house, modules),
  tasks: (house) => [...prepareTasks(house), ...ruleTasks(house), ...outboxTasks(house), forgetNoticesTask(house)],
  due: (house, modules) => [...digestsDue(house, modules), ...collectedDue(house)],
  mails: {
    [mailKind]: {
      to: 'members',
      // They quote what customers wrote in tickets.
      needs: 'tickets.read',
      claimed: async (tx, { subjectId }) => ((await isMemberOf(tx, subjectId)) ? undefined : 'no longer a member'),
    },
  },
  reactions: {
    'workspace.created': prepareTask,
    'workspace.changed': prepareTask,
    'member.joined': prepareTask,
    'member.removed': leaverTask,
    'mails.hindered': hinderedTask,
    'mails.flowing': flowingTask,
  },
}

export {
  correct,
  notify,
  retract,
  retractMails,
  retractAbout,
  type MailReader,
  type News,
  type NoticeMail,
  type WorthMail,
} from './notifying.ts'
export { listWatching } from './settings.queries.ts'
export { countNotices } from './notices.queries.ts'
