// Makes the calls that are named on the command line, one after the other, and prints what became of each as one line of JSON.

export const sidecar = required('SIDECAR_URL');
export const agent = required('SPENDGUARD_AGENT_ID');

/** A key that is the agent; without one, the sidecar's clients say in a header whose budget pays, and send a filler as key. */
const agentKey = process.env.SPENDGUARD_API_KEY;
export const apiKey = agentKey || 'not-needed';
export const headers = agentKey ? {} : { 'x-spendguard-agent-id': agent };

/** More than a cent of input at any of the models that are called here, however few tokens a provider would count. */
export const tooLarge = 'word '.repeat(120_000);

export async function run(calls) {
  for (const name of process.argv.slice(2)) {
    if (!calls[name]) {
      throw new Error(`There is no call '${name}'.`);
    }

    const before = await spent();
    const seen = await calls[name]().catch(describe);
    console.log(JSON.stringify({ call: name, ...seen, spent: (await spent()) - before }));
  }
}

/** Five calls at once, as subagents make them. */
export async function together(call) {
  const texts = await Promise.all(Array.from({ length: 5 }, call));
  return { text: `${texts.filter(Boolean).length} answers` };
}

/** Asks again until what it is told of is done. */
export async function until(ask, isDone) {
  for (;;) {
    const told = await ask();
    if (isDone(told)) {
      return told;
    }

    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function spent() {
  const response = await fetch(`${sidecar}/v1/agents/${agent}/budget`);
  return (await response.json()).spent_microcents;
}

/** What a user's catch block can tell of an error. */
function describe(error) {
  return {
    error: error.constructor.name,
    isError: error instanceof Error,
    status: error.status,
    code: error.code,
    type: error.type,
    message: error.message,
  };
}

function required(name) {
  return process.env[name] || (() => { throw new Error(`${name} is not set.`); })();
}
