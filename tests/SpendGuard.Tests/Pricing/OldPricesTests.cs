using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Pricing;

/// <summary>Bundled prices never expire; that they have become old is told.</summary>
public sealed class OldPricesTests
{
    private static readonly ModelKey Model = new("openai", "gpt-4o-mini");

    [Theory]
    [InlineData(29, true, 0)]
    [InlineData(31, true, 1)]
    [InlineData(400, false, 0)]
    public async Task Calls_AtBundledPrices_AreToldOnceThatTheseAreOld(int days, bool bundled, int warnings)
    {
        var book = PriceBook.LoadBundled();
        var clock = new FakeTimeProvider(book.GeneratedAt + TimeSpan.FromDays(days));
        book = bundled ? book.With() : new PriceBook("a document of one's own", book.GeneratedAt, book.Find(Model, book.GeneratedAt, book.GeneratedAt));
        var log = new RecordedLog();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        await using var engine = new SpendGuardEngine(new InMemoryBudgetStore(), new Prices(book), time: clock, logger: logs.CreateLogger<SpendGuardEngine>());
        await engine.SetBudgetAsync("a", Money.FromDollars(1));

        for (var calls = 0; calls < 3; calls++)
        {
            await using var call = await engine.ReserveAsync(
                new ModelCall { Agent = "a", Model = Model, Shape = new CallShape { InputBound = 1 } });
        }

        var told = log.At(LogLevel.Warning).Where(line => line.Contains("ship with SpendGuard", StringComparison.Ordinal)).ToList();
        Assert.Equal(warnings, told.Count);
        Assert.All(told, line => Assert.Contains("31 days old", line, StringComparison.Ordinal));
    }
}
