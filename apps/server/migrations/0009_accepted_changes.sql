-- Of the module insight: from which day on a survey's effort is taken as the new normal. The centre and the limits of its
-- control chart are made of what came since.
create table accepted_changes (
  workspace_id uuid not null,
  survey_id uuid not null,
  wording smallint not null,
  starts_on date not null,
  accepted_at timestamptz not null,
  primary key (workspace_id, survey_id, wording, starts_on),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('accepted_changes');
