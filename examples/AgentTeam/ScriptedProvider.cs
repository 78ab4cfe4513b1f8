using System.Collections.Concurrent;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Examples.AgentTeam;

/// <summary>A provider on loopback that plays the models of the team, and keeps a bill for each of its agents.</summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly SimulatedProvider _simulated;
    private readonly ConcurrentDictionary<int, string> _agents = new();

    private ScriptedProvider(SimulatedProvider simulated)
    {
        _simulated = simulated;
        simulated.ForRequest = Play;
    }

    public Uri Endpoint => _simulated.OpenAIEndpoint;

    public static async Task<ScriptedProvider> StartAsync() => new(await SimulatedProvider.StartAsync());

    /// <summary>What it has billed for an agent.</summary>
    public (int Calls, Money Total) BillOf(string agent)
    {
        var billed = _simulated.Calls.Where(call => call.Billed && _agents.GetValueOrDefault(call.Id) == agent).ToList();
        return (billed.Count, Money.FromMicrocents(billed.Sum(call => call.ChargeMicrocents)));
    }

    public ValueTask DisposeAsync() => _simulated.DisposeAsync();

    private Behaviour Play(SimulatedRequest request)
    {
        var said = request.Body["messages"]!.AsArray();
        var agent = said[0]!["content"]!.ToString().Split(':')[0];
        _agents[request.CallId] = agent;
        var searches = said.Count(message => message!["role"]!.ToString() == "tool");
        return new Behaviour
        {
            // People should see it happen; a pipe has no one to wait for.
            DelayBetweenEvents = TimeSpan.FromMilliseconds(Console.IsOutputRedirected ? 0 : 20),
            Reply = _ => (agent, searches) switch
            {
                ("planner", _) => SimulatedReply.Say("The historian looks for what changed, the statistician for what it cost."),
                ("historian", < 3) => Search("households, decade by decade", searches),
                ("historian", _) => SimulatedReply.Say("Rent took over from food as the largest part of what a house spends."),
                ("statistician", _) => Search("prices, year by year", searches),
                _ => SimulatedReply.Say("Sound on what changed. The figures are missing: the statistician ran out of budget."),
            },
        };
    }

    private static SimulatedReply Search(string what, int part) => new()
    {
        Text = "Let me look that up.",
        ToolCalls = [new("Search", $$"""{"query":"{{what}}, part {{part + 1}}"}""")],
    };
}
