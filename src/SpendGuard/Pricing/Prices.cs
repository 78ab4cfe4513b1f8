namespace SpendGuard.Pricing;

/// <summary>The price book in force. Calls read it without a lock; a new one takes its place in one step.</summary>
public sealed class Prices
{
    private volatile PriceBook _current;

    /// <summary>Starts with a book.</summary>
    public Prices(PriceBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        _current = book;
    }

    /// <summary>The book in force.</summary>
    public PriceBook Current => _current;

    /// <summary>Puts a book in force. Calls in flight keep the prices that they were reserved at.</summary>
    public void Swap(PriceBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        _current = book;
    }
}
