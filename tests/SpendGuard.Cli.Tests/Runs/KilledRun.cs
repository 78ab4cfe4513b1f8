using System.Diagnostics;
using System.Text.Json.Nodes;
using SpendGuard.Clients.Tests.Running;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Agents;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>When it is killed.</summary>
public enum Moment
{
    /// <summary>The provider has the first call, and has not answered.</summary>
    FirstCall,

    /// <summary>The provider has a later call, and has not answered.</summary>
    LaterCall,

    /// <summary>The provider has begun to answer.</summary>
    Answer,

    /// <summary>The program runs a tool, and no call is under way.</summary>
    Tool,
}

/// <summary>A run of a program that never ends, at one moment.</summary>
internal sealed class KilledRun : IAsyncDisposable
{
    private const string Mark = "SUITE_RUN";

    private static readonly TimeSpan LongEnoughToBeKilled = TimeSpan.FromSeconds(1);

    private readonly RunSession _session;
    private readonly Moment _moment;
    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;
    private int _begun;

    public KilledRun(RunSession session, Moment moment, string[] command)
    {
        (_session, _moment) = (session, moment);
        var agent = new ScriptedAgent(session.Home) { NeverEnds = true, Command = moment is Moment.Tool ? $"echo > '{Tool}'; sleep 300; " : "" };
        session.Provider.ForRequest = request => moment is Moment.Answer && IsCall(request) && Interlocked.Increment(ref _begun) == 2
            ? agent.Behave(request) with { DelayBetweenEvents = LongEnoughToBeKilled }
            : agent.Behave(request);
        session.Provider.OnArrival = request => IsCall(request) && Interlocked.Increment(ref _arrived) == Awaited ? _goOn.Task : Task.CompletedTask;
        session.Variables[Mark] = _mark;
        Run = session.StartRun("--budget 2 --json", command);
    }

    public StartedRun Run { get; }

    /// <summary>Which call is not answered; none at other moments.</summary>
    private int Awaited => _moment switch
    {
        Moment.FirstCall => 1,
        Moment.LaterCall => 3,
        _ => 0,
    };

    private string Tool => Path.Combine(_session.Home, "tool-runs");

    /// <summary>Waits for the moment.</summary>
    public Task ReachedAsync() => Eventually.HoldsAsync(async () => _moment switch
    {
        // There are programs that run a tool before the answer that asks for it has ended.
        Moment.Tool => File.Exists(Tool) && (long)(await PastAsync())["still_held_microcents"]! == 0,
        Moment.Answer => Volatile.Read(ref _begun) >= 2 && _session.Provider.Calls.Any(call => call is { Status: 200, Billed: true, Finished: false }),
        _ => Volatile.Read(ref _arrived) >= Awaited,
    });

    /// <summary>Kills the program and what it has started, but not what it runs under. What it asked for is answered after that.</summary>
    public async Task KillProgramAsync()
    {
        // It is the child of whichever thread started it.
        var children = await Task.WhenAll(Directory.EnumerateDirectories($"/proc/{Run.Id}/task").Select(thread => File.ReadAllTextAsync(Path.Combine(thread, "children"))));
        using var program = Process.GetProcessById(int.Parse(string.Concat(children)));
        program.Kill(entireProcessTree: true);
        _goOn.TrySetResult();
    }

    /// <summary>Of a run whose end has been brought about: what <c>spendguard runs</c> says of it, which is all that the provider has billed.</summary>
    public async Task<JsonNode> AssertNothingLostAsync(string state)
    {
        LeftBehind.Kill($"{Mark}={_mark}");
        _goOn.TrySetResult();
        await _session.Provider.WhenIdleAsync();
        var past = await PastAsync();

        var (charged, held) = ((long)past["charged_microcents"]!, (long)past["still_held_microcents"]!);
        var bill = _session.Provider.Bill.TotalMicrocents;
        Assert.Equal(state, (string)past["state"]!);
        Assert.InRange(bill, 1, charged + held);
        Assert.InRange(charged, 0, bill);
        Assert.InRange((int)past["calls"]!, _session.Provider.Calls.Count(call => call.Billed), int.MaxValue);
        if (state == "ended" || _moment is Moment.Tool)
        {
            Assert.Equal((bill, 0L), (charged, held));
        }

        return past;
    }

    public async ValueTask DisposeAsync()
    {
        LeftBehind.Kill($"{Mark}={_mark}");
        _goOn.TrySetResult();
        await Run.DisposeAsync();
        await _session.DisposeAsync();
    }

    /// <summary>The one run that there is, as the next command tells of it.</summary>
    private async Task<JsonNode> PastAsync() =>
        Assert.Single(JsonNode.Parse((await _session.SpendGuardAsync("runs", "--json")).Succeeded())!["runs"]!.AsArray())!;

    /// <summary>Not a question for a count, which costs nothing.</summary>
    private static bool IsCall(SimulatedRequest request) =>
        !request.Path.Contains("count", StringComparison.OrdinalIgnoreCase) && !request.Path.EndsWith("input_tokens", StringComparison.Ordinal);
}
