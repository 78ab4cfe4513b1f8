using System.Text.Json.Nodes;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>
/// The programs that people use and their runs, killed at the worst of moments: all that the provider bills is charged, or held until it
/// is booked, and <c>spendguard runs</c> says so.
/// </summary>
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Clients)]
public sealed class KilledProgramTests
{
    private static readonly Dictionary<string, string[]> Commands = new(StringComparer.Ordinal)
    {
        ["claude"] = ["claude", "-p", "Begin.", "--dangerously-skip-permissions"],
        ["codex"] = ["codex", "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "Begin."],
        ["gemini"] = ["gemini", "-p", "Begin.", "--yolo"],
    };

    public static TheoryData<string, Moment> Each => Of((_, _) => true);

    /// <summary>One program at each moment, and each at the worst.</summary>
    public static TheoryData<string, Moment> Some => Of((program, moment) => program == "claude" || moment is Moment.Answer);

    [Theory]
    [MemberData(nameof(Each))]
    public async Task RunAndProgram_Killed_LoseNothing(string program, Moment moment)
    {
        await using var killed = await StartAsync(program, moment);

        await killed.Run.KillAsync();
        await killed.AssertNothingLostAsync("killed");
    }

    /// <summary>The program goes on alone for a while, and finds nobody who lets it call anything.</summary>
    [Theory]
    [MemberData(nameof(Some))]
    public async Task RunAlone_Killed_LosesNothing(string program, Moment moment)
    {
        await using var killed = await StartAsync(program, moment);

        await killed.Run.SendAsync("KILL");

        await killed.AssertNothingLostAsync("killed");
    }

    /// <summary>The run sees to the end of what its program has begun, and sums it up.</summary>
    [Theory]
    [MemberData(nameof(Some))]
    public async Task ProgramAlone_Killed_IsSummedUp(string program, Moment moment)
    {
        await using var killed = await StartAsync(program, moment);

        await killed.KillProgramAsync();
        var ran = await killed.Run.EndAsync();

        var summary = JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!;
        Assert.Equal((137, 137, 0L), (ran.ExitCode, (int)summary["exit_code"]!, (long)summary["still_held_microcents"]!));
        var past = await killed.AssertNothingLostAsync("ended");
        Assert.Equal((long)past["charged_microcents"]!, (long)summary["charged_microcents"]!);
    }

    private static TheoryData<string, Moment> Of(Func<string, Moment, bool> where)
    {
        var data = new TheoryData<string, Moment>();
        foreach (var (program, moment) in Commands.Keys.SelectMany(_ => Enum.GetValues<Moment>(), (program, moment) => (program, moment)).Where(one => where(one.program, one.moment)))
        {
            data.Add(program, moment);
        }

        return data;
    }

    private static async Task<KilledRun> StartAsync(string program, Moment moment)
    {
        var killed = new KilledRun(await RealPrograms.StartAsync(), moment, Commands[program]);
        await killed.ReachedAsync();
        return killed;
    }
}
