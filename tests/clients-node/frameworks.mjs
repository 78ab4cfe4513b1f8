import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { ChatAnthropic } from '@langchain/anthropic';
import { tool as langchainTool } from '@langchain/core/tools';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool as agentTool } from '@openai/agents';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { headers, run, sidecar } from './run.mjs';

// What applications are written with in place of the providers' own packages. The key is the sidecar's business.
const apiKey = 'not-needed';
const models = {
  openai: createOpenAI({ baseURL: `${sidecar}/v1`, apiKey, headers })('gpt-4o'),
  anthropic: createAnthropic({ baseURL: `${sidecar}/v1`, apiKey, headers })('claude-sonnet-5'),
  google: createGoogleGenerativeAI({ baseURL: `${sidecar}/v1beta`, apiKey, headers })('gemini-2.5-flash'),
};
const chains = {
  openai: () => new ChatOpenAI({ model: 'gpt-4o', apiKey, configuration: { baseURL: `${sidecar}/v1`, defaultHeaders: headers } }),
  anthropic: () => new ChatAnthropic({ model: 'claude-sonnet-5', maxTokens: 100, apiKey, anthropicApiUrl: sidecar, clientOptions: { defaultHeaders: headers } }),
  google: () => new ChatGoogleGenerativeAI({ model: 'gemini-2.5-flash', apiKey, baseUrl: sidecar, customHeaders: headers }),
};

const prompt = 'What is the weather in Bern?';
const description = 'Tells the weather.';
const schema = z.object({ city: z.string() });
const weather = async () => 'Rain.';
setTracingDisabled(true);

await run({
  aiOpenAI: () => aiTools(models.openai),
  aiAnthropic: () => aiTools(models.anthropic),
  aiGoogle: () => aiTools(models.google),
  aiStreamOpenAI: () => aiStream(models.openai),
  aiStreamAnthropic: () => aiStream(models.anthropic),
  aiStreamGoogle: () => aiStream(models.google),
  chainOpenAI: () => chainTools(chains.openai()),
  chainAnthropic: () => chainTools(chains.anthropic()),
  chainGoogle: () => chainTools(chains.google()),
  batchOpenAI: () => chainBatch(chains.openai()),
  batchAnthropic: () => chainBatch(chains.anthropic()),

  async agents() {
    const { OpenAI } = await import('openai');
    const modelProvider = new OpenAIProvider({ openAIClient: new OpenAI({ baseURL: `${sidecar}/v1`, apiKey, defaultHeaders: headers }) });
    const agent = new Agent({
      name: 'Forecaster',
      instructions: 'Tell the weather.',
      model: 'gpt-4o',
      tools: [agentTool({ name: 'weather', description, parameters: schema, execute: weather })],
    });
    return { text: (await new Runner({ modelProvider, tracingDisabled: true }).run(agent, prompt)).finalOutput };
  },
});

async function aiTools(model) {
  const tools = { weather: tool({ description, inputSchema: schema, execute: weather }) };
  return { text: (await generateText({ model, prompt, tools, stopWhen: stepCountIs(3) })).text };
}

async function aiStream(model) {
  let text = '';
  for await (const piece of streamText({ model, prompt, onError() {} }).textStream) {
    text += piece;
  }

  return { text };
}

async function chainTools(model) {
  const bound = model.bindTools([langchainTool(weather, { name: 'weather', description, schema })]);
  const asked = await bound.invoke(prompt);
  const [call] = asked.tool_calls;
  const answer = await bound.invoke([{ role: 'user', content: prompt }, asked, { role: 'tool', content: 'Rain.', tool_call_id: call.id, name: call.name }]);
  return { text: answer.text };
}

/** Sends all of them at the same time. */
async function chainBatch(model) {
  const answers = await model.batch([prompt, 'And in Basel?', 'And in Chur?']);
  return { text: answers.map((answer) => answer.text).join('') };
}
