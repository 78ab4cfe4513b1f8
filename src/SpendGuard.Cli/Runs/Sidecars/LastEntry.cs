namespace SpendGuard.Cli.Runs.Sidecars;

/// <summary>Finds the last entry of a ledger that tells only which one comes next after another, and reads a few of them for that.</summary>
internal static class LastEntry
{
    /// <param name="next">The first entry after another; null when there is none.</param>
    /// <returns>The last entry; 0 when there is none at all.</returns>
    public static async Task<long> FindAsync(Func<long, Task<long?>> next)
    {
        if (await next(0) is not { } last)
        {
            return 0;
        }

        // Further and further, to where nothing comes after.
        var end = last + 1;
        for (var step = 1L; await next(end) is { } found; step *= 2)
        {
            (last, end) = (found, found + step);
        }

        while (last < end)
        {
            var middle = last + ((end - last) / 2);
            (last, end) = await next(middle) is { } found ? (found, end) : (last, middle);
        }

        return last;
    }
}
