using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>Adds up the most input tokens that a provider can count for a call, part by part.</summary>
/// <remarks>Not thread-safe; one for each call. The overheads are upper bounds of what chat templates add around the text.</remarks>
[Experimental(ApiTier.Adapters)]
public sealed class InputBound
{
    private const int PerCall = 64;
    private const int PerMessage = 16;
    private const int PerTool = 32;

    /// <summary>More than any tokenizer makes of a token on average, other than of blanks and the like.</summary>
    private const int MostBytesPerToken = 16;

    private readonly ModelKey _model;
    private readonly IInputRules _rules;
    private readonly ITokenCounter _counter;
    private long _tokens = PerCall;
    private bool _hasTools;

    /// <summary>Starts a bound.</summary>
    /// <param name="model">The model that is called.</param>
    /// <param name="rules">How its input is counted.</param>
    public InputBound(ModelKey model, IInputRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _model = model;
        _rules = rules;
        _counter = rules.CounterOf(model);
    }

    /// <summary>The bound so far, in tokens.</summary>
    public long Tokens => _tokens;

    /// <summary>The name of what has been added that cannot be seen; null for nothing.</summary>
    public string? UnseenInput { get; private set; }

    /// <summary>
    /// The fewest input tokens that are plausible for the text so far: what its tokenizer counts where that is known, and otherwise
    /// sixteen bytes a token. No bound of any kind; a provider that counts fewer has miscounted.
    /// </summary>
    public long LeastTokens { get; private set; }

    /// <summary>Adds the template around a message, and the name of its author when it has one.</summary>
    public InputBound AddMessage(string? authorName = null) =>
        Add(PerMessage + (authorName is null ? 0 : 1 + _counter.Bound(authorName)));

    /// <summary>Adds text.</summary>
    public InputBound AddText(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return this;
        }

        var bound = _counter.Bound(text);
        var bytes = Utf8(text);
        LeastTokens += bound < bytes ? bound : bytes / MostBytesPerToken;
        return Add(bound);
    }

    /// <summary>Adds the definition of a tool. Providers render its schema anew, so its bytes are counted one and a half times.</summary>
    public InputBound AddTool(string name, string? description, string jsonSchema)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(jsonSchema);
        var bytes = Utf8(name) + Utf8(description) + Utf8(jsonSchema);
        var prompt = _hasTools ? 0 : _rules.ToolPromptOf(_model);
        _hasTools = true;
        LeastTokens += bytes / MostBytesPerToken;
        return Add(prompt + PerTool + (3 * bytes + 1) / 2);
    }

    /// <summary>Adds an image by the model's published upper bound.</summary>
    /// <param name="size">The size of the image; null when it is not known, which counts as the largest.</param>
    /// <param name="detail">How closely the model is asked to look, as the request names it; null when it is not asked.</param>
    /// <exception cref="UnboundedCostException">No bound is published for the model.</exception>
    public InputBound AddImage(ImageSize? size = null, string? detail = null)
    {
        if (_rules.ImageOf(_model, size, detail) is { } bound)
        {
            return Add(bound);
        }

        return _rules.ImagesNeedSize(_model)
            ? AddUnseen("an image of unknown size")
            : throw new UnboundedCostException("an image", $"No upper bound on its tokens is published for {_model}.", "Leave it out.");
    }

    /// <summary>Adds what cannot be seen here, such as a stored file: the bound is the most that the model takes then.</summary>
    /// <param name="name">What it is, as the caller would search for it.</param>
    public InputBound AddUnseen(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        UnseenInput ??= name;
        return this;
    }

    /// <summary>Adds a number of tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public InputBound Add(long tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        checked
        {
            _tokens += tokens;
        }

        return this;
    }

    private static long Utf8(string? text) => text is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(text);
}
