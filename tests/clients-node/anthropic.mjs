import Anthropic from '@anthropic-ai/sdk';
import { apiKey, headers, run, sidecar, together, tooLarge, until } from './run.mjs';

// Retries are those of a user who has set nothing, unless a test says otherwise.
const client = new Anthropic({
  baseURL: sidecar,
  apiKey,
  defaultHeaders: headers,
  ...(process.env.MAX_RETRIES && { maxRetries: Number(process.env.MAX_RETRIES) }),
});

const model = 'claude-sonnet-5';
const messages = [{ role: 'user', content: 'What is the weather in Bern?' }];
const tool = {
  name: 'weather',
  description: 'Tells the weather.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

await run({
  async messages() {
    return seen(await client.messages.create({ model, max_tokens: 100, messages }));
  },

  async batch() {
    const requests = ['a', 'b'].map((id) => ({ custom_id: id, params: { model, max_tokens: 100, messages } }));
    const made = await client.messages.batches.create({ requests });
    await until(() => client.messages.batches.retrieve(made.id), (it) => it.processing_status === 'ended');
    let answers = 0;
    for await (const line of await client.messages.batches.results(made.id)) {
      answers += line.result.type === 'succeeded' && line.result.message.content[0].text ? 1 : 0;
    }

    return { text: `${answers} answers` };
  },

  async parallel() {
    return together(() => client.messages.create({ model, max_tokens: 16_000, messages }).then((answer) => answer.content[0].text));
  },

  async stream() {
    let text = '';
    let output;
    for await (const event of await client.messages.create({ model, max_tokens: 100, messages, stream: true })) {
      if (event.type === 'content_block_delta') {
        text += event.delta.text;
      } else if (event.type === 'message_delta') {
        output = event.usage.output_tokens;
      }
    }

    return { text, usage: { output } };
  },

  async streamHelper() {
    return seen(await client.messages.stream({ model, max_tokens: 100, messages }).finalMessage());
  },

  async tools() {
    const asked = await client.messages.create({ model, max_tokens: 100, messages, tools: [tool] });
    const call = asked.content.find((block) => block.type === 'tool_use');
    const answer = await client.messages.create({
      model,
      max_tokens: 100,
      tools: [tool],
      messages: [
        ...messages,
        { role: 'assistant', content: asked.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'Rain.' }] },
      ],
    });
    return { ...seen(answer), toolCalls: [call.input] };
  },

  async toolRunner() {
    const toolCalls = [];
    const run = (input) => (toolCalls.push(input), 'Rain.');
    const answer = await client.beta.messages.toolRunner({ model, max_tokens: 100, messages, tools: [{ ...tool, run, parse: (input) => input }] });
    return { ...seen(answer), toolCalls };
  },

  async cacheControl() {
    const system = [{ type: 'text', text: 'Answer in one word. '.repeat(300), cache_control: { type: 'ephemeral' } }];
    const answer = await client.messages.create({ model, max_tokens: 100, system, messages });
    return { ...seen(answer), cacheWrite: answer.usage.cache_creation_input_tokens };
  },

  async cacheControlHour() {
    const system = [{ type: 'text', text: 'Answer in one word. '.repeat(300), cache_control: { type: 'ephemeral', ttl: '1h' } }];
    const answer = await client.messages.create({ model, max_tokens: 100, system, messages });
    return { ...seen(answer), cacheWrite: answer.usage.cache_creation.ephemeral_1h_input_tokens };
  },

  async countTokens() {
    const count = await client.messages.countTokens({ model, messages });
    return { usage: { input: count.input_tokens, output: 0 } };
  },

  async models() {
    const models = [];
    for await (const model of client.models.list({ limit: 5 })) {
      models.push(model.id);
    }

    return { models, text: (await client.models.retrieve(model)).id };
  },

  async unknownModel() {
    await client.models.retrieve('claude-sonnet-55');
  },

  async tooLarge() {
    await client.messages.create({ model, max_tokens: 100, messages: [{ role: 'user', content: tooLarge }] });
  },

  async tooLargeStream() {
    await client.messages.stream({ model, max_tokens: 100, messages: [{ role: 'user', content: tooLarge }] }).finalMessage();
  },
});

function seen(message) {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = message.usage;
  return {
    text: message.content.filter((block) => block.type === 'text').map((block) => block.text).join(''),
    usage: { input: input_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0), output: output_tokens },
  };
}
