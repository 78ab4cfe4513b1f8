namespace SpendGuard.Sidecar.Calls;

/// <summary>How many calls may be read to their end at once after their clients have gone.</summary>
internal sealed class DrainLimit(int most)
{
    private int _count;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);
}
