// A function that sums texts up, for no more than a cent in all. Needs no key; runs under Azure's host, by "func start".
using System.ClientModel;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenAI;
using SpendGuard.Examples.Functions;
using SpendGuard.Testing.Provider;

// For the show only: a provider on loopback. An application has its own key and endpoint here.
await using var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions { Behaviour = new Behaviour { OutputTokens = 150 } });
var openAI = new OpenAIClient(new ApiKeyCredential("no-key-needed"), new OpenAIClientOptions { Endpoint = provider.OpenAIEndpoint });

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.AddSpendGuard();

builder.Services.AddChatClient(openAI.GetChatClient("gpt-4o-mini").AsIChatClient()).UseSpendGuard(SumUp.Agent);
using var host = builder.Build();
await host.RunAsync();
