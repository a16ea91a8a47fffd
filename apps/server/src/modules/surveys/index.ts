import type { Module } from '#platform/module.ts'
import { surveyPages } from './answering.pages.ts'
import { decidingReactions, decidingTasks } from './deciding.ts'
import { designEffectTasks } from './design-effects.ts'
import { answersOfCustomer, forgetTask } from './forgetting.ts'
import { hardAnswerTasks, lookEverywhere } from './hard-answers.ts'
import { importTasks } from './imports.jobs.ts'
import { importRoutes } from './imports.routes.ts'
import { invitationPages } from './invitation.pages.ts'
import { invitationsDue } from './invitation-queueing.ts'
import { invitationMails } from './invitation-sending.ts'
import { unsubscribePages } from './invitation-unsubscribing.pages.ts'
import { mailTextRoutes } from './mail-texts.routes.ts'
import { organisationEffortRoutes } from './organisation-effort.ts'
import { programmeRoutes } from './programmes.routes.ts'
import { beginRebuilds, rebuildTask, valuesTask } from './rebuilding.ts'
import { surveyTimeline } from './reply-timeline.ts'
import { listKnownSurveys } from './readable-surveys.queries.ts'
import { responsesRoutes } from './responses.routes.ts'
import { builderRoutes } from './surveys.routes.ts'
import { beginImports, tidyTask } from './tidying-imports.ts'
import { trialPages } from './trial.pages.ts'
import { withdrawAsking } from './withdrawing.ts'

/** Questions, versions, answers and their histograms. */
export const surveys: Module = {
  name: 'surveys',
  tables: [
    'surveys',
    'survey_versions',
    'segments',
    'imports',
    'responses',
    'cells',
    'cell_changes',
    'design_effects',
    'programmes',
    'asking_rules',
    'asking_preferences',
    'invitations',
    'answer_watches',
  ],
  routes: (house) => [
    ...responsesRoutes(house),
    ...builderRoutes(house),
    ...importRoutes(house),
    ...programmeRoutes(),
    ...mailTextRoutes(house),
    ...organisationEffortRoutes(),
  ],
  tasks: (house) => [
    ...importTasks(house),
    tidyTask(house),
    rebuildTask(house),
    valuesTask(house),
    ...designEffectTasks(house),
    forgetTask(house),
    ...hardAnswerTasks(house),
    ...decidingTasks(house),
  ],
  due: invitationsDue,
  mails: { invitation: invitationMails },
  noticeTopics: { hard_answer: listKnownSurveys },
  reactions: decidingReactions,
  customers: answersOfCustomer,
  timeline: surveyTimeline,
  withdrawAsking,
  async begin(house) {
    await beginImports(house)
    await beginRebuilds(house)
    await lookEverywhere(house)
  },
  pages(app, house) {
    surveyPages(app, house)
    trialPages(app, house)
    invitationPages(app, house)
    unsubscribePages(app, house)
  },
}

export {
  breakdowns,
  histograms,
  scansAnswers,
  type AttributeFilter,
  type HistogramBy,
  type HistogramFilter,
  type HistogramRow,
} from './histograms.ts'
export type { LineCount, LinesAlike, PeopleAlike } from './alike.queries.ts'
export { countAsked, listAsked, type AskedBy, type AskedCount, type AskedFilter } from './asked.queries.ts'
export { listServed } from './served.queries.ts'
export { addImport, checkImport, discardImport, getTarget } from './adding-imports.ts'
export { startImport, startUndo } from './importing.ts'
export { workOnImport } from './imports.jobs.ts'
export { findImport } from './imports.queries.ts'
export { viewImport } from './imports.view.ts'
export { otherValue } from './segment-values.ts'
export { findCrowdingAttribute } from './segments.queries.ts'
export { movedInto } from './asking-hours.ts'
export { askForDesignEffect } from './design-effects.ts'
export type { Grain } from './cover.ts'
export { createIngest, type Answer, type AnswerResult, type Ingest } from './ingest.ts'
export { declareAttributes, rebuildCells } from './rebuilding.ts'
export { listSurveyIds, type CellDifference } from './rebuilding.queries.ts'
export { getReadableSurvey, listKnownSurveys, type ReadableSurvey, type Wording } from './readable-surveys.queries.ts'
export { askBeside } from './asking-beside.ts'
export { brandsOf, type Brand } from './brand.ts'
export { changeSurvey, createFirstSurvey, createSurvey, saveDraft, type SurveyChange } from './building.ts'
export { inLanguage } from './content.ts'
export { keepPastFates, type PastFate, type PastTouchpoint } from './past-fates.ts'
export { changeAskingRules, createProgramme, turnProgramme } from './programmes.ts'
export { listProgrammeNames } from './programmes.queries.ts'
export { findLibraryItem, firstQuestion, libraryItems } from './library.ts'
export { listOpenQuestions, type OpenQuestion } from './open-questions.ts'
export { publishDraft, setState } from './publishing.ts'
export { listHardWords, tellHardAnswers, type HardWords } from './hard-answers.ts'
export { listWatchedSurveys } from './hard-answers.queries.ts'
export { continueTouchpoint } from './withdrawing.ts'
