import accounts from '../features/accounts/accounts.nb.json'
import insight from '../features/insight/insight.nb.json'
import shell from '../features/shell/shell.nb.json'
import start from '../features/start/start.nb.json'
import surveys from '../features/surveys/surveys.nb.json'

export const words = { accounts, insight, shell, start, surveys }
