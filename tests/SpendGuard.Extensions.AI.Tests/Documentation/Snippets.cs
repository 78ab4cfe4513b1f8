#pragma warning disable OPENAI001, SCME0001 // Some of the options are experimental.

using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Chat;
using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI.Tests.Documentation;

/// <summary>The code of the README and the references, so that it compiles. <see cref="CodeBlockTests"/> holds the two together.</summary>
internal static class Snippets
{
    public static async Task ReadmeAsync()
    {
        var services = new ServiceCollection().AddSpendGuard(o => o.UseSqlite("spendguard.db"));
        await using var provider = services.BuildServiceProvider();

        var guard = provider.GetRequiredService<SpendGuardEngine>();
        await guard.SetBudgetAsync("researcher", Money.FromDollars(5));

        var openAI = new OpenAIClient(Environment.GetEnvironmentVariable("OPENAI_API_KEY")!);
        IChatClient agent = openAI.GetChatClient("gpt-4o-mini").AsIChatClient().AsBuilder()
            .UseFunctionInvocation()
            .UseSpendGuard("researcher")
            .Build(provider);

        Console.WriteLine(await agent.GetResponseAsync("Hello"));
        Console.WriteLine((await guard.FindBudgetAsync("researcher"))?.Spent);
    }

    public static async Task<IChatClient> RoutingAsync(IServiceCollection services, IChatClient inner)
    {
        services.AddSpendGuard(o => o.UseSqlite("spendguard.db"));
        await using var provider = services.BuildServiceProvider();

        var guard = provider.GetRequiredService<SpendGuardEngine>();
        await guard.SetBudgetAsync("researcher", Money.FromDollars(5));

        IChatClient agent = inner.AsBuilder()
            .UseFunctionInvocation()
            .UseSpendGuard("researcher")
            .Build(provider);
        return agent;
    }

    public static IChatClient Order(IChatClient inner, IDistributedCache cache, IServiceProvider provider)
    {
        IChatClient chat = inner.AsBuilder()
            .UseDistributedCache(cache)
            .UseFunctionInvocation()
            .UseOpenTelemetry()
            .UseSpendGuard("researcher")
            .Build(provider);
        return chat;
    }

    public static async Task RunAsync(SpendGuardEngine guard, AIAgent agent, string question)
    {
        using var run = guard.BeginRun("researcher", maxCost: Money.FromDollars(2));
        await agent.RunAsync(question);
        Console.WriteLine($"{run.Budget.Spent} of {run.MaxCost} spent.");
    }

    public static async Task TeamAsync(SpendGuardEngine guard)
    {
        await guard.CreateGroupAsync("team-red", "Red");
        await guard.SetLimitAsync("team-red", Limit.PerMonth(Money.FromDollars(500), "Europe/Berlin"));
        await guard.SetLimitAsync("team-red", Limit.Rolling(Money.FromDollars(3), TimeSpan.FromMinutes(10)).ThatPauses());
        await guard.SetIdenticalCallsAsync("team-red", 5);
        await guard.MoveAsync("researcher", under: "team-red");
        await guard.SetBudgetAsync("researcher", Money.FromDollars(5), onExhausted: LimitAction.Ask);
        await foreach (var asked in guard.ListApprovalsAsync(ApprovalState.Pending))
        {
            await guard.ApproveAsync(asked.Id, Money.FromDollars(5), TimeSpan.FromHours(8), reason: "The release is tonight", by: "alice");
        }

        await guard.PauseAsync("team-red", reason: "It repeats itself", by: "alice");
        await guard.ResumeAsync("team-red", by: "alice");
        foreach (var node in await guard.FindPathAsync("researcher"))
        {
            Console.WriteLine($"{node.Node.Id}: {string.Join(", ", node.Limits.Select(limit => $"{limit.Account.Available} of {limit.Limit.Window}"))}");
        }
    }

    public static async Task CarryAsync(IChatClient shared, string question)
    {
        var options = new ChatOptions { MaxOutputTokens = 500 };
        await shared.GetResponseAsync(question, options.ForAgent("tenant-42"));
    }

    public static ChatOptions Ask(SpendGuardEngine guard, AITool search)
    {
        var options = new ChatOptions { Tools = [search, BudgetFunction.Create(guard, () => "researcher")] };
        return options;
    }

#pragma warning disable SPENDGUARD002 // The page says that the project has to accept it.
    public static IChatClient RawOptions(IChatClient inner, IServiceProvider provider)
    {
        IChatClient chat = inner.AsBuilder()
            .UseSpendGuard("researcher", configure: client =>
                client.RawOptions = outputCap => new ChatCompletionOptions { StoredOutputEnabled = false })
            .Build(provider);
        return chat;
    }

    public static IChatClient OutputCap(IChatClient inner, IServiceProvider provider)
    {
        IChatClient chat = inner.AsBuilder()
            .UseSpendGuard("researcher", configure: client =>
            {
                client.AllowedFeatures.Add("OutputCap");
                client.RawOptions = outputCap =>
                {
                    var options = new ChatCompletionOptions();
                    options.Patch.Set("$.max_tokens"u8, outputCap);
                    return options;
                };
            })
            .Build(provider);
        return chat;
    }
#pragma warning restore SPENDGUARD002

    public static async Task ChargesAsync(IChatClient chat, string question)
    {
        var response = await chat.GetResponseAsync(question);
        var charged = Money.FromMicrocents((long)response.AdditionalProperties![SettlementProperties.ChargedMicrocents]!);
        Console.WriteLine($"That was {charged}.");
    }

    public static async Task StreamAsync(IChatClient chat, string question)
    {
        await foreach (var update in chat.GetStreamingResponseAsync(question))
        {
            Console.Write(update.Text);
            if (update.AdditionalProperties?.TryGetValue(SettlementProperties.RemainingMicrocents, out long remaining) == true)
            {
                Console.WriteLine($" ({Money.FromMicrocents(remaining)} left)");
            }
        }
    }

    public static async Task RefusalsAsync(IChatClient chat, string question, SpendGuardEngine guard)
    {
        try
        {
            await chat.GetResponseAsync(question);
        }
        catch (InsufficientBudgetException refusal)
        {
            Console.WriteLine($"{refusal.Agent} has {refusal.Budget!.Remaining} left and needs {refusal.Required}.");
            await guard.SetBudgetAsync(
                refusal.Agent, hardLimit: Money.FromDollars(5), topUp: Money.FromDollars(1), idempotencyKey: "invoice-17");
        }
    }

    public static async Task ScopeAsync(IChatClient shared, string question)
    {
        using (SpendGuardScope.Begin("tenant-42", run: "nightly-report"))
        {
            await shared.GetResponseAsync(question);
        }
    }

    public static IChatClient OtherHosts(IChatClient inner, IServiceProvider provider)
    {
        IChatClient chat = inner.AsBuilder()
            .UseSpendGuard("researcher", configure: client => client.OtherHosts.Add("tokens.example.com"))
            .Build(provider);
        return chat;
    }

    public static async IAsyncEnumerable<string> ForAgentAsync(IChatClient shared, string question)
    {
        var tenant = shared.ForAgent("tenant-42", run: "nightly-report");
        await foreach (var update in tenant.GetStreamingResponseAsync(question))
        {
            yield return update.Text;
        }
    }

    public static async Task AgentsAsync(IChatClient inner, IServiceProvider provider, AITool search)
    {
        var researcherChat = inner.AsBuilder().UseSpendGuard("researcher").Build(provider);
        var writerChat = inner.AsBuilder().UseSpendGuard("writer").Build(provider);

        AIAgent researcher = new ChatClientAgent(researcherChat, instructions: "Find sources.", name: "researcher", tools: [search]);
        AIAgent writer = new ChatClientAgent(writerChat, instructions: "Write the report.", tools: [researcher.AsAIFunction()]);
        await writer.RunAsync("A page on budgets, with sources.");
    }

    public static async Task EmbeddingsAsync(IEmbeddingGenerator<string, Embedding<float>> inner, IServiceProvider provider, string[] passages)
    {
        IEmbeddingGenerator<string, Embedding<float>> generator = inner.AsBuilder()
            .UseSpendGuard("indexer")
            .Build(provider);
        await generator.GenerateAsync(passages);
    }

#pragma warning disable MEAI001 // The clients for speech are experimental.
    public static ISpeechToTextClient Speech(ISpeechToTextClient inner, IServiceProvider provider)
    {
        ISpeechToTextClient listener = inner.AsBuilder()
            .UseSpendGuard("scribe", configure: client => client.MaxAudioDuration = TimeSpan.FromMinutes(10))
            .Build(provider);
        return listener;
    }
#pragma warning restore MEAI001

    public static IChatClient Team(IChatClient inner, IServiceProvider provider)
    {
        IChatClient shared = inner.AsBuilder()
            .UseSpendGuard(() => AIAgent.CurrentRunContext?.Agent.Name)
            .Build(provider);
        return shared;
    }

    public static AITool CatchingTool(AIAgent researcher)
    {
        AITool tool = AIFunctionFactory.Create(
            async (string query) =>
            {
                try
                {
                    return (await researcher.RunAsync(query)).Text;
                }
                catch (BudgetRefusedException refusal)
                {
                    return refusal.Message;
                }
            },
            "researcher");
        return tool;
    }

    public static IChatClient Features(IChatClient inner, IServiceProvider provider)
    {
        IChatClient chat = inner.AsBuilder()
            .UseSpendGuard("researcher", configure: client => client.AllowedFeatures.Add("ConversationId"))
            .Build(provider);
        return chat;
    }

    public static IChatClient ServiceTiers(IChatClient inner, IServiceProvider provider)
    {
        IChatClient chat = inner.AsBuilder()
            .UseSpendGuard("researcher", configure: client => client.ServiceTier = "default")
            .Build(provider);
        return chat;
    }

    public static IChatClient OtherNames(IChatClient inner, IServiceProvider provider)
    {
        IChatClient chat = inner.AsBuilder()
            .UseSpendGuard("researcher", configure: client =>
            {
                client.Provider = "openai";
                client.Model = "gpt-4o-mini";
            })
            .Build(provider);
        return chat;
    }

    public static void Options(IServiceCollection services)
    {
        services.AddSpendGuard(o =>
        {
            o.UseSqlite("spendguard.db");
            o.DefaultOutputTokens = 4_096;
            o.LeastUsefulOutputTokens = 64;
            o.LockedWait = TimeSpan.FromSeconds(10);
        });
    }

#pragma warning disable SPENDGUARD002 // The page says that the project has to accept it.
    public static void OwnPrices(IServiceCollection services)
    {
        services.AddSpendGuard(o => o.Prices = () => PriceBook.LoadBundled().With(new RateCard
        {
            Model = new ModelKey("openai", "our-fine-tune"),
            // Microcents a token are cents a million tokens.
            Rates = new TokenRates { Input = Rate.FromMicrocents(30), Output = Rate.FromMicrocents(120) },
            MaxInputTokens = 128_000,
            MaxOutputTokens = 16_384,
        }));
    }
#pragma warning restore SPENDGUARD002

    public static async Task LedgerAsync(SpendGuardEngine guard)
    {
        await foreach (LedgerEntry entry in guard.ReadLedgerAsync("researcher"))
        {
            Console.WriteLine($"{entry.At:u} {entry.Kind} {entry.Amount}, spent {entry.Spent}, held {entry.Held} of {entry.Granted}");
        }
    }

    public static void Alerts(IServiceCollection services)
    {
        services.AddSingleton<ISpendAlertSink, LogAlertSink>();
        services.AddSpendGuard(o => o.UseSqlite("spendguard.db").AlertSinks.Add(new Pager()));
    }

    internal sealed class Pager : ISpendAlertSink
    {
        public string Name => "pager";

        public async ValueTask SendAsync(Alert alert, CancellationToken cancellationToken)
        {
            await Console.Error.WriteLineAsync(alert.ToString());
        }
    }
}
