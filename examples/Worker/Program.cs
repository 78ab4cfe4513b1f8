// A background service that works through tickets until the day's budget is used up, and rests until tomorrow. Needs no key.
using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;
using SpendGuard;
using SpendGuard.Examples.Worker;
using SpendGuard.Testing.Provider;

// For the show only: a provider on loopback. A service has its own key and endpoint here.
await using var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions { Behaviour = new Behaviour { OutputTokens = 150 } });
var openAI = new OpenAIClient(new ApiKeyCredential("no-key-needed"), new OpenAIClientOptions { Endpoint = provider.OpenAIEndpoint });

var builder = Host.CreateApplicationBuilder(args);
builder.AddSpendGuard();
builder.Services.AddChatClient(openAI.GetChatClient("gpt-4o-mini").AsIChatClient()).UseSpendGuard(TicketService.Agent);
builder.Services.AddHostedService<TicketService>();

// Disposed of as hosts are that know nothing of it: the engine closes with them.
using var host = builder.Build();
await host.RunAsync();

Console.WriteLine($"The provider has billed {Money.FromMicrocents(provider.Bill.TotalMicrocents)}.");
