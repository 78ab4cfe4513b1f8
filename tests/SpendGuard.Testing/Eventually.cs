using System.Diagnostics;
using Xunit;

namespace SpendGuard.Testing;

/// <summary>Waits for what happens in the background, up to a bound that only a defect reaches.</summary>
public static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static async Task HoldsAsync(Func<bool> condition, Action? nudge = null)
    {
        var started = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(started.Elapsed < Bound, "It has not come true.");
            nudge?.Invoke();
            await Task.Delay(5);
        }
    }
}
