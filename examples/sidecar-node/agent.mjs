import OpenAI from 'openai';

const { SIDECAR_URL: sidecar, PROVIDER_URL: provider } = process.env;
const dollars = (microcents) => `$${(microcents / 1e8).toFixed(8)}`;

// The budget, and a key that is its agent.
const { agent_id: agent } = await post('/v1/agents', { name: 'node' });
const { api_key: key } = await post(`/v1/agents/${agent}/keys`, {});
const { remaining_microcents: granted } = await post(`/v1/agents/${agent}/budget`, { hard_limit_cents: 1 });
console.log(`Agent ${agent} has one cent for gpt-4o at ${provider ? 'a simulated provider' : 'OpenAI'}.\n`);

// The agent: OpenAI's own client, at another address, with the agent's key. OpenAI's is the sidecar's alone.
const client = new OpenAI({ baseURL: `${sidecar}/v1`, apiKey: key });
const messages = [{ role: 'user', content: 'What is a budget? Answer in about 100 words.' }];
let refusal;
console.log('call  words         left');
for (let call = 1; call <= 100 && !refusal; call++) {
  try {
    const stream = await client.chat.completions.create({ model: 'gpt-4o', max_tokens: 300, messages, stream: true });
    let text = '';
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
    }

    console.log(`${call}`.padStart(4), `${text.trim().split(/\s+/).length}`.padStart(6), dollars((await budget()).remaining_microcents).padStart(12));
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) {
      throw error;
    }

    refusal = error;
    console.log(`\nCall ${call} was refused before it was sent (${error.constructor.name}, code ${error.code}):\n${error.message}\n`);
  }
}

// The proof.
const { spent_microcents: spent, held_microcents: held } = await budget();
const bill = provider ? (await (await fetch(`${provider}/bill`)).json()).total_microcents : spent;
if (provider) {
  console.log(`the provider's bill  ${dollars(bill)}`);
}

console.log(`the budget's spent   ${dollars(spent)}\nthe budget           ${dollars(granted)}`);
const passed = refusal?.status === 402 && bill === spent && spent <= granted && held === 0;
console.log(passed ? 'PASSED' : 'FAILED');
process.exitCode = passed ? 0 : 1;

async function budget() {
  return (await fetch(`${sidecar}/v1/agents/${agent}/budget`)).json();
}

async function post(path, body) {
  const response = await fetch(sidecar + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) {
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  return response.json();
}
