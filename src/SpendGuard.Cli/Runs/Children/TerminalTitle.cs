namespace SpendGuard.Cli.Runs.Children;

/// <summary>The title of the terminal's window, while a program has the rest of it. Nothing at all where there is no terminal.</summary>
internal sealed class TerminalTitle : IDisposable
{
    private const string Escape = "\u001b";

    private readonly TextWriter? _terminal;
    private readonly Lock _lock = new();
    private string _shown = "";

    /// <param name="terminal">What the terminal shows; null for no terminal.</param>
    public TerminalTitle(TextWriter? terminal)
    {
        _terminal = terminal;

        // Terminals keep titles on a stack, so that the one before comes back at the end.
        Write($"{Escape}[22;0t");
    }

    public void Show(string title)
    {
        lock (_lock)
        {
            if (title != _shown)
            {
                _shown = title;
                Write($"{Escape}]0;{title}\a");
            }
        }
    }

    public void Dispose() => Write($"{Escape}[23;0t");

    /// <summary>In one piece, so that it does not come between what the program writes.</summary>
    private void Write(string sequence)
    {
        _terminal?.Write(sequence);
        _terminal?.Flush();
    }
}
