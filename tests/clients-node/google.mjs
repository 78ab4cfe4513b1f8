import { GoogleGenAI } from '@google/genai';
import { apiKey, headers, run, sidecar, together, tooLarge } from './run.mjs';

// This client retries only when it is told to.
const client = new GoogleGenAI({
  apiKey,
  httpOptions: { baseUrl: sidecar, headers, ...(process.env.MAX_RETRIES && { retryOptions: { attempts: Number(process.env.MAX_RETRIES) + 1 } }) },
});

const model = 'gemini-2.5-flash';
const contents = 'What is the weather in Bern?';
const config = {
  tools: [{
    functionDeclarations: [{
      name: 'weather',
      description: 'Tells the weather.',
      parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    }],
  }],
};

await run({
  async generate() {
    return seen(await client.models.generateContent({ model, contents }));
  },

  async parallel() {
    return together(() => client.models.generateContent({ model, contents }).then((answer) => answer.text));
  },

  async stream() {
    let text = '';
    let last;
    for await (const chunk of await client.models.generateContentStream({ model, contents })) {
      text += chunk.text ?? '';
      last = chunk;
    }

    return { ...seen(last), text };
  },

  async tools() {
    const asked = await client.models.generateContent({ model, contents, config });
    const [call] = asked.functionCalls;
    const answer = await client.models.generateContent({
      model,
      config,
      contents: [
        { role: 'user', parts: [{ text: contents }] },
        asked.candidates[0].content,
        { role: 'user', parts: [{ functionResponse: { name: call.name, response: { output: 'Rain.' } } }] },
      ],
    });
    return { ...seen(answer), toolCalls: [call.args] };
  },

  async chat() {
    const chat = client.chats.create({ model });
    await chat.sendMessage({ message: contents });
    return seen(await chat.sendMessage({ message: 'And tomorrow?' }));
  },

  async countTokens() {
    const count = await client.models.countTokens({ model, contents });
    return { usage: { input: count.totalTokens, output: 0 } };
  },

  async embed() {
    const answer = await client.models.embedContent({ model: 'gemini-embedding-001', contents: [contents, 'And tomorrow?'] });
    return { text: String(answer.embeddings.length) };
  },

  async models() {
    const models = [];
    for await (const model of await client.models.list({ config: { pageSize: 5 } })) {
      models.push(model.name.replace('models/', ''));
    }

    return { models, text: (await client.models.get({ model })).name.replace('models/', '') };
  },

  async unknownModel() {
    await client.models.get({ model: 'gemini-2.5-flush' });
  },

  async tooLarge() {
    await client.models.generateContent({ model, contents: tooLarge });
  },

  async tooLargeStream() {
    await client.models.generateContentStream({ model, contents: tooLarge });
  },
});

function seen(answer) {
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount } = answer.usageMetadata;
  return { text: answer.text, usage: { input: promptTokenCount, output: (candidatesTokenCount ?? 0) + (thoughtsTokenCount ?? 0) } };
}
