// An agent that never stops, under a budget that does not care. Needs no key; with OPENAI_API_KEY set it runs against OpenAI.
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using SpendGuard;
using SpendGuard.Examples.Quickstart;

var budget = Money.FromDollars(0.01m);
using var folder = new TemporaryFolder();
await using var upstream = await Upstream.StartAsync();

// The guard: where budgets are kept, and one budget.
await using var services = new ServiceCollection()
    .AddSpendGuard(o => o.UseSqlite(folder.File("quickstart.db")))
    .BuildServiceProvider();
var guard = services.GetRequiredService<SpendGuardEngine>();
await guard.SetBudgetAsync("researcher", budget);

// The agent: the provider's SDK (without retries, so that a run is short), tools, and the guard innermost.
var openAI = new OpenAIClient(
    upstream.Key, new OpenAIClientOptions { Endpoint = upstream.Endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
var agent = openAI.GetChatClient("gpt-4o-mini").AsIChatClient()
    .AsBuilder()
    .UseFunctionInvocation()
    .UseSpendGuard("researcher")
    .Build(services);

// The runaway: it searches again and again, and nothing in this loop ends it.
var screen = new Screen(budget, upstream);
var options = new ChatOptions { Tools = [AIFunctionFactory.Create(Library.Search)], MaxOutputTokens = 1_000 };
List<ChatMessage> conversation = [new(ChatRole.User, "Search for everything there is to know about budgets, one query after the other.")];
try
{
    while (true)
    {
        List<ChatResponseUpdate> answer = [];
        await foreach (var update in agent.GetStreamingResponseAsync(conversation, options))
        {
            answer.Add(update);
            await screen.ShowAsync(update, guard);
        }

        conversation.AddMessages(answer);
        conversation.Add(new(ChatRole.User, "That is not enough yet. Search on."));
    }
}
catch (BudgetRefusedException refusal)
{
    screen.Show(refusal);
}

// The proof: the provider's bill, which SpendGuard has no part in, against the ledger.
return screen.Show(await Reckoning.MakeAsync(guard, upstream)) ? 0 : 1;
