using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Output;

/// <summary>A line to copy from: where it is longer than the terminal is wide, the terminal alone breaks it, so that it is copied as one.</summary>
/// <param name="label">What it is.</param>
/// <param name="text">What is copied.</param>
/// <param name="note">What stands behind it.</param>
internal sealed class Unbroken(string label, string text, string note = "") : Renderable
{
    private static readonly Style Grey = new(Color.Grey);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        [new Segment(label, Grey), new Segment(text), new Segment(note, Grey)];
}
