using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Cli.Runs;
using SpendGuard.Cli.Runs.Records;
using SpendGuard.Cli.Runs.Sidecars;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>Calls of a run that went nowhere are counted, and the summary says why.</summary>
public sealed class RefusedCallTests
{
    /// <summary>A provider has conflicts of its own, which are no refusals of ours; nor has what is not to be sent again waited for others.</summary>
    [Theory]
    [InlineData(200, false, null, 0, 0)]
    [InlineData(402, false, "false", 1, 0)]
    [InlineData(409, false, "true", 0, 1)]
    [InlineData(409, false, "false", 0, 0)]
    [InlineData(409, true, "true", 0, 0)]
    public async Task Gate_CountsCallsThatWentNowhere(int status, bool isProviders, string? retry, int refused, int locked)
    {
        var gate = new RunGate();
        await using var services = new ServiceCollection().BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        gate.Configure(next => next.Run(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers["x-should-retry"] = retry;
            if (isProviders)
            {
                context.Response.Headers["x-spendguard-reservation"] = "r";
            }

            return Task.CompletedTask;
        }))(app);
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Path = "/v1/chat/completions";
        context.Request.Headers["x-api-key"] = gate.Open("a", "run-1");

        await app.Build()(context);

        Assert.Equal((status, refused, locked), (context.Response.StatusCode, gate.Refused, gate.Locked));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "  1 call waited for what others held until the time was up, and went nowhere.")]
    [InlineData(3, "  3 calls waited for what others held until the time was up, and went nowhere.")]
    public void Summary_TellsOfCallsThatWereLocked(int locked, string? said)
    {
        var record = new RunRecord
        {
            Run = "run-1", Agent = "a", Program = "dotnet", StartedAt = DateTimeOffset.UnixEpoch, BudgetMicrocents = 1_000_000, Refused = 0, Locked = locked,
        };
        var summary = new RunSummary(record, new RunCosts(), new RunBudget(Money.FromCents(1), Money.FromCents(1), Money.Zero, Money.Zero, 0));

        Assert.Equal(locked, (int)summary.Json["locked"]!);
        Assert.Equal(said, summary.Lines.FirstOrDefault(line => line.Contains("waited", StringComparison.Ordinal)));
        Assert.Equal(locked == 0, summary.Lines.Any(line => line.Contains("No call came here", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "  1 batch is held for. Fetch the results within 25 h, in a run with --agent a.")]
    [InlineData(2, "  2 batches are held for. Fetch the results within 25 h, in a run with --agent a.")]
    public void Summary_TellsOfBatchesThatAreOpen(int batches, string? said)
    {
        var record = new RunRecord { Run = "run-1", Agent = "a", Program = "node", StartedAt = DateTimeOffset.UnixEpoch, BudgetMicrocents = 1_000_000 };
        var budget = new RunBudget(Money.FromCents(1), Money.FromCents(1), Money.Zero, Money.Zero, 0) { Batches = batches };

        Assert.Equal(said, new RunSummary(record, new RunCosts(), budget).Lines.FirstOrDefault(line => line.Contains("batch", StringComparison.Ordinal)));
    }
}
