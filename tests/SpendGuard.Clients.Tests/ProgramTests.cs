using SpendGuard.Clients.Tests.Programs;
using SpendGuard.Clients.Tests.Running;
using SpendGuard.Clients.Tests.Table;
using SpendGuard.Testing.Provider.Agents;
using Xunit.Abstractions;

namespace SpendGuard.Clients.Tests;

/// <summary>The programs themselves, as npm has them, with nothing changed in them but where they find their provider.</summary>
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Clients)]
public sealed class ProgramTests(ITestOutputHelper output)
{
    private const string Prompt = "Read the files here and tell all words that they tell of.";

    public static TheoryData<string> Programs { get; } = [.. ClientPrograms.All.Select(program => program.Title)];

    /// <summary>Where this fails, the simulated provider is not what the program takes for a provider, and the other tests say nothing.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Program_StraightAtTheProvider_DoesItsTaskToItsEnd(string title)
    {
        var program = ClientPrograms.Titled(title);
        using var folder = new TempFolder();
        await using var sidecar = await StartAsync(folder, agent => agent);

        var outcome = await RunAsync(program, sidecar, folder, await sidecar.AgentAsync(), sidecar.Provider.BaseAddress.ToString().TrimEnd('/'));

        AssertDone(program, outcome);
        Assert.Empty(sidecar.Provider.Failures);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Program_WithATask_DoesItToItsEnd(string title)
    {
        var program = ClientPrograms.Titled(title);
        using var folder = new TempFolder();
        await using var sidecar = await StartAsync(folder, agent => agent);
        var payer = await sidecar.AgentAsync(cents: 5_000, maxInFlight: 16);

        var outcome = await RunAsync(program, sidecar, folder, payer);

        ClientTable.Check(program, "Works", !IsDone(program, outcome) ? "no" : program.HasSubagents ? "yes, with subagents" : "yes");
        ClientTable.Check(program, "Agent by", sidecar.Provider.Calls.Count > 0 ? "its key" : "?");
        AssertDone(program, outcome);
        Assert.True(await sidecar.AssertPaidAsBilledAsync(payer) > 0);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Program_ThatNeverEnds_EndsWithItsBudget(string title)
    {
        var program = ClientPrograms.Titled(title);
        using var folder = new TempFolder();
        await using var sidecar = await StartAsync(folder, agent => agent with { NeverEnds = true });
        var payer = await sidecar.AgentAsync(program.LoopCents, maxInFlight: 16);

        var outcome = await RunAsync(program, sidecar, folder, payer);

        var refused = sidecar.Watch.Calls.Count(call => call.Status == 402);
        var tells = (outcome.Output + outcome.Errors).Contains("Insufficient budget", StringComparison.Ordinal);
        ClientTable.Check(
            program,
            "At the end of the budget",
            $"ends with exit code {outcome.ExitCode}, {(tells ? "shows the refusal" : "says nothing of it")}{(refused > 1 ? ", tries again" : "")}");
        Assert.NotNull(outcome.ExitCode);
        Assert.InRange(await sidecar.AssertPaidAsBilledAsync(payer), 1, program.LoopCents * 1_000_000);
        Assert.Equal(402, sidecar.Watch.Calls.Last().Status);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Program_WhoseProviderIsOverloaded_GoesOnAndPaysOnlyForAnswers(string title)
    {
        const int Overloads = 2;
        var program = ClientPrograms.Titled(title);
        using var folder = new TempFolder();
        await using var sidecar = await StartAsync(folder, agent => agent with { Overloads = Overloads, OverloadStatus = program.Overload.Status, OverloadBody = program.Overload.Body });
        var payer = await sidecar.AgentAsync(cents: 5_000, maxInFlight: 16);

        var outcome = await RunAsync(program, sidecar, folder, payer);

        ClientTable.Check(program, "Overloaded provider", IsDone(program, outcome) ? "waits and goes on" : "gives up");
        await sidecar.AssertPaidAsBilledAsync(payer);
        Assert.Equal(Overloads, sidecar.Provider.Calls.Count(call => call.Status == program.Overload.Status && !call.Billed));
    }

    private static bool IsDone(ClientProgram program, ProgramOutcome outcome) =>
        outcome.ExitCode == 0
        && ScriptedAgent.Words(program.HasSubagents).All(word => outcome.Output.Contains(word, StringComparison.Ordinal));

    private static void AssertDone(ClientProgram program, ProgramOutcome outcome)
    {
        Assert.True(IsDone(program, outcome), outcome.ToString());
    }

    private static async Task<SidecarFixture> StartAsync(TempFolder folder, Func<ScriptedAgent, ScriptedAgent> change)
    {
        var sidecar = await SidecarFixture.StartAsync(ProviderPrices.On(DateTimeOffset.UtcNow));
        var work = Directory.CreateDirectory(folder.File("work")).FullName;
        sidecar.Provider.ForRequest = change(new ScriptedAgent(work)).Behave;
        return sidecar;
    }

    private async Task<ProgramOutcome> RunAsync(ClientProgram program, SidecarFixture sidecar, TempFolder folder, string payer, string? address = null)
    {
        using var made = await sidecar.Client.PostAsync(new Uri($"/v1/agents/{payer}/keys", UriKind.Relative), content: null);
        var key = (await SidecarUnderTest.JsonAsync(made)).GetProperty("api_key").GetString()!;
        var home = Directory.CreateDirectory(folder.File("home")).FullName;
        var outcome = await ProgramRun.RunAsync(program, new(home, folder.File("work"), address ?? sidecar.Address, key, Prompt));
        output.WriteLine(outcome.ToString());
        foreach (var call in sidecar.Watch.Calls)
        {
            output.WriteLine(call.ToString());
        }

        foreach (var call in sidecar.Provider.Calls)
        {
            output.WriteLine(call.ToString());
        }

        return outcome;
    }
}
