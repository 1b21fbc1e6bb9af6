// Drives the client that the first argument leads to, and prints what it was answered as JSON.
const [client, host, port, key] = process.argv.slice(2);
const delighted = require(client);
const options = { host: host, port: port, scheme: 'http' };
const api = delighted(key, options);

const failed = (promise) => promise.then(() => null, (error) => [error.type, error.message]);
const collected = async (list, how) => {
  const found = [];
  await list.autoPagingEach((each) => { found.push(each.email || each.person.id); }, how);
  return found;
};

async function people(told) {
  const aya = await api.person.create({ email: 'aya@example.com', name: 'Aya' });
  const later = await api.person.create({ email: 'ken@example.com', delay: 3600 });
  for (const number of [0, 1, 2]) {
    await api.person.create({ email: `p+${number}@example.com`, send: false });
  }
  told.aya = aya;
  told.later = later.survey_scheduled_at;
  told.without_mail = await failed(api.person.create({ name: 'x' }));
  told.paged = await collected(api.person.list({ per_page: 2 }));
  told.found = await collected(api.person.list({ email: 'p+1@example.com' }));
  told.pending = await api.surveyRequest.deletePending({ person_email: 'ken@example.com' });
  told.deleted = await api.person.delete({ email: 'p+0@example.com' });
  told.gone = await failed(api.person.delete({ email: 'p+0@example.com' }));
  told.retrieved = (await api.person.retrieve(aya.id)).email;
  return aya;
}

async function answers(told, aya) {
  const other = await api.person.create({ email: 'other@example.com', send: false });
  const made = await api.surveyResponse.create({ person: aya.id, score: 9, comment: 'Good' });
  told.made = made;
  const read = await api.surveyResponse.retrieve(made.id, { expand: ['person'] });
  told.expanded = read.person.email;
  read.score = 3;
  const saved = await read.save();
  told.saved = [saved.id, saved.score];
  saved.person = other.id;
  told.moved = (await saved.save()).person;
  await api.surveyResponse.create({ person: aya.id, score: 10, created_at: 1580515200 });
  told.listed = (await api.surveyResponse.all({ order: 'desc' })).map((each) => each.score);
  told.past_the_end = await api.surveyResponse.all({ page: 9 });
  told.metrics = await api.metrics.retrieve();
  told.in_2020 = await api.metrics.retrieve({ until: new Date(1580601600000) });
  told.score_11 = await failed(api.surveyResponse.create({ person: aya.id, score: 11 }));
  told.no_answer = await failed(api.surveyResponse.retrieve('999999'));
}

async function others(told) {
  told.unsubscribed = await api.unsubscribe.create({ person_email: 'no@example.com' });
  told.not_asked = (await api.person.create({ email: 'no@example.com' })).survey_scheduled_at;
  told.unsubscribes = (await api.unsubscribe.all()).map((each) => each.email);
  told.bounces = await api.bounce.all({ page: 2 });
  told.autopilot = (await api.autopilotConfiguration.retrieve('email')).active;
  const members = api.autopilotMembership.forEmail();
  const added = await members.create({ person_email: 'aya@example.com', properties: { a: 'b' } });
  told.member = [added.person.id, await collected(members.list())];
  told.let_go = (await members.delete({ person_email: 'aya@example.com' })).person.email;
  told.left = await collected(members.list());
  told.stranger = await failed(delighted('koe_wrong', options).metrics.retrieve());
}

async function main() {
  const told = {};
  const aya = await people(told);
  await answers(told, aya);
  await others(told);
  console.log(JSON.stringify(told));
}

main().catch((error) => { console.error(error); process.exit(1); });
