using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI;
using SpendGuard.Pricing;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace SpendGuard.StressChild;

/// <summary>
/// Calls the model through OpenAI's SDK and the decorator, 32 calls at once, and prints a line for each call that has ended:
/// what came of it, its agent, its run, and what it cost if it was answered.
/// </summary>
internal sealed class CallLoop(IChatClient client, int round, int calls, string[] agents)
{
    private const int AtOnce = 32;

    private int _next;

    public static async Task<int> RunAsync(string where, Uri endpoint, int round, int calls, string[] agents)
    {
        var store = await SharedStore.OpenAsync(where);
        await using var engine = new SpendGuardEngine(store, new Prices(StressModel.Prices()));
        using var client = Leaf(endpoint).AsBuilder().UseSpendGuard(agents[0], engine, Configure).Build();
        var loop = new CallLoop(client, round, calls, agents);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(loop.WorkAsync)));
        return 0;
    }

    /// <summary>The provider of the test keeps the cap, but nobody knows it by its name.</summary>
    private static void Configure(GuardSettings client)
    {
        client.Provider = StressModel.Provider;
        client.AllowedFeatures.Add("OutputCap");
    }

    private static IChatClient Leaf(Uri endpoint)
    {
        var options = new OpenAIClientOptions { Endpoint = endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
        options.AddPolicy(new WhoCalls(), PipelinePosition.PerTry);
        return new ChatClient(StressModel.Name, new ApiKeyCredential("test-key"), options).AsIChatClient();
    }

    private async Task WorkAsync()
    {
        for (var call = Interlocked.Increment(ref _next); call <= calls; call = Interlocked.Increment(ref _next))
        {
            var random = new Random((round * 100_003) + call);
            var agent = agents[random.Next(agents.Length)];
            var run = new RunId($"{round}.{call}");
            using var scope = SpendGuardScope.Begin(agent, run);
            var (outcome, charged) = await CallAsync(random);
            Console.WriteLine($"{outcome} {agent} {run} {charged}");
        }
    }

    private async Task<(string Outcome, long? Charged)> CallAsync(Random random)
    {
        var options = new ChatOptions { MaxOutputTokens = random.Next(20, 600) };
        List<ChatMessage> question = [new(ChatRole.User, new string('x', random.Next(1, 400)))];
        try
        {
            var properties = random.Next(2) == 0
                ? (await client.GetResponseAsync(question, options)).AdditionalProperties
                : await StreamAsync(question, options, leaves: random.Next(6) == 0);
            return properties?.ContainsKey(SettlementProperties.Pending) == true ? ("unavailable", null)
                : properties is not null && properties.TryGetValue(SettlementProperties.End, out var end)
                ? ($"{end}", (long)properties[SettlementProperties.ChargedMicrocents]!)
                : ("left", null);
        }
        catch (BudgetRefusedException refusal)
        {
            return (refusal is InsufficientBudgetException ? "refused" : "locked", null);
        }
        catch (StoreUnavailableException)
        {
            return ("unavailable", null);
        }
        catch (Exception exception) when (exception is ClientResultException or HttpRequestException or IOException)
        {
            return ("failed", null);
        }
    }

    /// <summary>Reads a stream to its end, or leaves after the first update, so that the engine has to learn the cost by itself.</summary>
    private async Task<AdditionalPropertiesDictionary?> StreamAsync(List<ChatMessage> question, ChatOptions options, bool leaves)
    {
        AdditionalPropertiesDictionary? last = null;
        await foreach (var update in client.GetStreamingResponseAsync(question, options))
        {
            if (leaves)
            {
                return null;
            }

            last = update.AdditionalProperties;
        }

        return last;
    }

    /// <summary>Tells the provider which agent's which call it is, so that its bill can be laid beside the ledger.</summary>
    private sealed class WhoCalls : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Sign(message);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Sign(message);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }

        private static void Sign(PipelineMessage message)
        {
            var scope = SpendGuardScope.Current ?? throw new InvalidOperationException("The call has lost its scope.");
            message.Request.Headers.Set("x-caller", scope.Agent!.Value.Value);
            message.Request.Headers.Set("x-run", scope.Run!.Value.Value);
        }
    }
}
