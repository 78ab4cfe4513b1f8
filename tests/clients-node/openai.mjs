import OpenAI, { toFile } from 'openai';
import { apiKey, headers, run, sidecar, together, tooLarge, until } from './run.mjs';

// Retries are those of a user who has set nothing, unless a test says otherwise.
const client = new OpenAI({
  baseURL: sidecar + (process.env.BASE_PATH || '/v1'),
  apiKey,
  defaultHeaders: headers,
  ...(process.env.MAX_RETRIES && { maxRetries: Number(process.env.MAX_RETRIES) }),
});

const model = process.env.MODEL || 'gpt-4o';
const messages = [{ role: 'user', content: 'What is the weather in Bern?' }];
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };

await run({
  async chat() {
    const answer = await client.chat.completions.create({ model, messages });
    return { text: answer.choices[0].message.content, usage: usageOf(answer.usage) };
  },

  async chatStream() {
    const stream = await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } });
    return readChat(stream);
  },

  async chatStreamWithoutUsage() {
    return readChat(await client.chat.completions.create({ model, messages, stream: true }));
  },

  async chatStreamHelper() {
    const answer = await client.chat.completions.stream({ model, messages }).finalChatCompletion();
    return { text: answer.choices[0].message.content };
  },

  async chatTools() {
    const toolCalls = [];
    const runner = client.chat.completions.runTools({
      model,
      messages,
      tools: [{ type: 'function', function: { name: 'weather', parameters, parse: JSON.parse, function: (input) => called(toolCalls, input) } }],
    });
    return { text: await runner.finalContent(), toolCalls, usage: usageOf(await runner.totalUsage()) };
  },

  async chatToolsStream() {
    const toolCalls = [];
    const runner = client.chat.completions.runTools({
      model,
      messages,
      stream: true,
      tools: [{ type: 'function', function: { name: 'weather', parameters, parse: JSON.parse, function: (input) => called(toolCalls, input) } }],
    });
    return { text: await runner.finalContent(), toolCalls };
  },

  async batch() {
    const line = (id) => JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body: { model, messages, max_tokens: 100 } });
    const file = await client.files.create({ purpose: 'batch', file: await toFile(Buffer.from(`${line('a')}\n${line('b')}\n`), 'calls.jsonl') });
    const made = await client.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
    const batch = await until(() => client.batches.retrieve(made.id), (it) => it.status === 'completed');
    const lines = (await (await client.files.content(batch.output_file_id)).text()).trim().split('\n').map((text) => JSON.parse(text));
    return { text: `${lines.filter((it) => it.response.body.choices[0].message.content).length} answers` };
  },

  async parallel() {
    return together(() => client.chat.completions.create({ model, messages }).then((answer) => answer.choices[0].message.content));
  },

  async parallelResponses() {
    return together(() => client.responses.create({ model, input: messages }).then((answer) => answer.output_text));
  },

  async responses() {
    const answer = await client.responses.create({ model, input: messages });
    return { text: answer.output_text, usage: usageOf(answer.usage) };
  },

  async responsesStream() {
    let text = '';
    let usage;
    for await (const event of await client.responses.create({ model, input: messages, stream: true })) {
      if (event.type === 'response.output_text.delta') {
        text += event.delta;
      } else if (event.type === 'response.completed') {
        usage = usageOf(event.response.usage);
      }
    }

    return { text, usage };
  },

  async responsesTools() {
    const tools = [{ type: 'function', name: 'weather', parameters, strict: true }];
    const asked = await client.responses.create({ model, input: messages, tools });
    const call = asked.output.find((item) => item.type === 'function_call');
    const answer = await client.responses.create({
      model,
      tools,
      input: [...messages, ...asked.output, { type: 'function_call_output', call_id: call.call_id, output: 'Rain.' }],
    });
    return { text: answer.output_text, toolCalls: [JSON.parse(call.arguments)] };
  },

  async embeddings() {
    const answer = await client.embeddings.create({ model: process.env.EMBEDDING_MODEL || 'text-embedding-3-small', input: 'What is the weather in Bern?' });
    return { usage: { input: answer.usage.prompt_tokens, output: 0 } };
  },

  async inputTokens() {
    const count = await client.responses.inputTokens.count({ model, input: messages });
    return { usage: { input: count.input_tokens, output: 0 } };
  },

  async models() {
    const models = [];
    for await (const model of client.models.list()) {
      models.push(model.id);
    }

    return { models, text: (await client.models.retrieve(model)).id };
  },

  async unknownModel() {
    await client.models.retrieve('gpt-4p');
  },

  async tooLarge() {
    await client.chat.completions.create({ model, messages: [{ role: 'user', content: tooLarge }] });
  },

  async tooLargeStream() {
    await client.chat.completions.create({ model, messages: [{ role: 'user', content: tooLarge }], stream: true });
  },

  async tooLargeResponses() {
    await client.responses.create({ model, input: tooLarge });
  },
});

async function readChat(stream) {
  let text = '';
  let usage;
  let choiceless = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    usage ??= usageOf(chunk.usage);
    choiceless += chunk.choices.length === 0 ? 1 : 0;
  }

  return { text, usage, choiceless };
}

function called(toolCalls, input) {
  toolCalls.push(input);
  return 'Rain.';
}

function usageOf(usage) {
  return usage ? { input: usage.prompt_tokens ?? usage.input_tokens, output: usage.completion_tokens ?? usage.output_tokens } : undefined;
}
