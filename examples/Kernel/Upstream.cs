using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Examples.NewsDesk;

/// <summary>Where the calls go: OpenAI when there is a key, else a simulated provider on loopback that keeps its own bill.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly SimulatedProvider? _simulated;

    private Upstream(string? key, SimulatedProvider? simulated)
    {
        _simulated = simulated;

        // Without retries, so that the bill is the same each time.
        OpenAI = new OpenAIClient(new ApiKeyCredential(key ?? "no-key-needed"), new OpenAIClientOptions
        {
            Endpoint = simulated?.OpenAIEndpoint ?? new Uri("https://api.openai.com/v1"),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });
    }

    public OpenAIClient OpenAI { get; }

    public string Name => _simulated is null ? "OpenAI" : "a simulated provider";

    /// <summary>The provider's own bill; null at OpenAI, which does not tell it at once.</summary>
    public ProviderBill? Bill => _simulated?.Bill;

    public static async Task<Upstream> StartAsync() => Environment.GetEnvironmentVariable("OPENAI_API_KEY") is { Length: > 0 } key
        ? new Upstream(key, simulated: null)
        : new Upstream(key: null, await SimulatedProvider.StartAsync(new SimulatedProviderOptions { Behaviour = Reporter() }));

    public ValueTask DisposeAsync() => _simulated?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A model that searches, asks for a headline, and searches again; asked for a headline itself, it gives one.</summary>
    private static Behaviour Reporter() => new()
    {
        // People should see a call happen; a pipe has no one to wait for.
        Delay = TimeSpan.FromMilliseconds(Console.IsOutputRedirected ? 0 : 150),
        Reply = request => request.Tools.Count == 0
            ? SimulatedReply.Say("Budget holds, again.")
            : request.CallId % 5 == 0
                ? SimulatedReply.Call("editor_headline", """{"topic":"budgets"}""")
                : SimulatedReply.Call("archive_search", $$"""{"query":"budgets, part {{request.CallId}}"}"""),
    };
}
