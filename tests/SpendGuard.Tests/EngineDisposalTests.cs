using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Testing;

namespace SpendGuard.Tests;

/// <summary>Closing the engine.</summary>
public sealed class EngineDisposalTests
{
    [Fact]
    public async Task ContainerIsDisposedOfSynchronously_TheEngineIsToo()
    {
        using var folder = new TempFolder();
        var services = new ServiceCollection().AddSpendGuard(options => options.UseSqlite(folder.File("budgets.db"))).BuildServiceProvider();
        var engine = services.GetRequiredService<SpendGuardEngine>();
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        services.Dispose();

        await Assert.ThrowsAnyAsync<Exception>(async () => await engine.SetBudgetAsync("a", Money.FromDollars(2)));
        await engine.DisposeAsync();
        engine.Dispose();
    }
}
