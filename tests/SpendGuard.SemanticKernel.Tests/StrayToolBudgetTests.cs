using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>A tool budget whose name is misspelt is no budget: when the function runs without one, that is said.</summary>
public sealed class StrayToolBudgetTests : IAsyncLifetime
{
    private readonly RecordedLog _log = new();
    private LoggerFactory _loggers = null!;
    private SpendGuardEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _loggers = new LoggerFactory([_log]);
        _engine = new SpendGuardEngine(
            new InMemoryBudgetStore(), new Prices(PriceBook.LoadBundled()), logger: _loggers.CreateLogger<SpendGuardEngine>());
        await _engine.SetBudgetAsync("a", Money.FromDollars(1));
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        _loggers.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData("serch", "web")]
    [InlineData("search", "wbe")]
    [InlineData(null, "web")]
    public async Task Name_ThatIsMisspelt_IsToldOnceWhenTheFunctionRuns(string? plugin, string function)
    {
        var kernel = Build(options => options.AddToolBudget(plugin, function, Money.FromCents(1)));
        Assert.Empty(_log.At(LogLevel.Warning));

        await kernel.InvokeAsync("search", "web");
        await kernel.InvokeAsync("search", "web");

        var told = Assert.Single(_log.At(LogLevel.Warning));
        Assert.StartsWith("The function search-web runs without a tool budget", told, StringComparison.Ordinal);
        Assert.Contains($": {(plugin is null ? function : $"{plugin}-{function}")}. ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_ThatComesLater_IsNoMisspelling()
    {
        var kernel = Build(options => options.AddToolBudget("late", "tool", Money.FromCents(1)).AddToolBudget("SEARCH", "WEB", Money.FromCents(1)));
        kernel.Plugins.AddFromFunctions("late", [KernelFunctionFactory.CreateFromMethod(() => "done", "tool"), KernelFunctionFactory.CreateFromMethod(() => "done", "free")]);

        await kernel.InvokeAsync("search", "web");
        await kernel.InvokeAsync("late", "tool");
        await kernel.InvokeAsync("late", "free");

        Assert.Empty(_log.At(LogLevel.Warning));
    }

    [Fact]
    public void Kernel_WithoutAnEngine_SaysWhatIsMissing()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Kernel.CreateBuilder().AddSpendGuard("a").Build());

        Assert.StartsWith("No SpendGuard engine is registered with the kernel's services.", failure.Message, StringComparison.Ordinal);
    }

    private Kernel Build(Action<SpendGuardKernelOptions> configure)
    {
        var builder = Kernel.CreateBuilder();
        builder.Plugins.AddFromFunctions("search", [KernelFunctionFactory.CreateFromMethod(() => "found", "web")]);
        return builder.AddSpendGuard("a", _engine, configure).Build();
    }
}
