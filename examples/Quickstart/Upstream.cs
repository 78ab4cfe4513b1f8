using System.ClientModel;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Examples.Quickstart;

/// <summary>Where the calls go: OpenAI when there is a key, else a simulated provider on loopback that keeps its own bill.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly SimulatedProvider? _simulated;

    private Upstream(string? key, SimulatedProvider? simulated)
    {
        _simulated = simulated;
        Key = new ApiKeyCredential(key ?? "no-key-needed");
        Endpoint = simulated?.OpenAIEndpoint ?? new Uri("https://api.openai.com/v1");
    }

    public ApiKeyCredential Key { get; }

    public Uri Endpoint { get; }

    public string Name => _simulated is null ? "OpenAI" : "a simulated provider";

    /// <summary>The provider's own bill; null at OpenAI, which does not tell it at once.</summary>
    public ProviderBill? Bill => _simulated?.Bill;

    public static async Task<Upstream> StartAsync() => Environment.GetEnvironmentVariable("OPENAI_API_KEY") is { Length: > 0 } key
        ? new Upstream(key, simulated: null)
        : new Upstream(key: null, await SimulatedProvider.StartAsync(new SimulatedProviderOptions { Behaviour = Researcher() }));

    public ValueTask DisposeAsync() => _simulated?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A model that always knows one more thing to search for.</summary>
    private static Behaviour Researcher() => new()
    {
        // People should see a call happen; a pipe has no one to wait for.
        DelayBetweenEvents = TimeSpan.FromMilliseconds(Console.IsOutputRedirected ? 0 : 25),
        Reply = request => new SimulatedReply
        {
            Text = "Let me look that up as well.",
            ToolCalls = [new("Search", $$"""{"query":"budgets, part {{request.CallId}}"}""")],
        },
    };
}
