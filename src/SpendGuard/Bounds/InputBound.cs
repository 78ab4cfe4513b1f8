using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>Adds up the most input tokens that a provider can count for a call, part by part.</summary>
/// <remarks>
/// Not thread-safe; one for each call. The overheads are upper bounds of what chat templates add around the text. Text is bounded by its
/// bytes, which costs nothing; where that does not fit the budget, <see cref="Count"/> takes the model's tokenizer.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed class InputBound
{
    private const int PerCall = 64;
    private const int PerMessage = 16;
    private const int PerTool = 32;

    /// <summary>As long as the longest that vendors define; the template's overhead has it.</summary>
    private const int LongestRole = 9;

    /// <summary>More than any tokenizer makes of a token on average, other than of blanks and the like.</summary>
    private const int MostBytesPerToken = 16;

    private readonly ModelKey _model;
    private readonly IInputRules _rules;
    private readonly ITokenCounter _counter;
    private readonly List<Part> _parts = [];
    private readonly long _perCall;
    private long _tokens;
    private long? _counted;
    private bool _hasTools;
    private long _ofTools;

    /// <summary>Starts a bound.</summary>
    /// <param name="model">The model that is called.</param>
    /// <param name="rules">How its input is counted.</param>
    public InputBound(ModelKey model, IInputRules rules)
        : this(model, rules, PerCall)
    {
    }

    private InputBound(ModelKey model, IInputRules rules, long perCall)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _perCall = _tokens = perCall;
        _model = model;
        _rules = rules;
        _counter = rules.CounterOf(model);
    }

    /// <summary>Starts a bound of a call that is billed for its texts and nothing around them.</summary>
    /// <param name="model">The model that is called.</param>
    /// <param name="rules">How its input is counted.</param>
    public static InputBound OfTexts(ModelKey model, IInputRules rules) => new(model, rules, perCall: 0);

    /// <summary>The bound so far, in tokens: text by its bytes.</summary>
    public long Tokens => _tokens;

    /// <summary>The closest bound that has been worked out: the count, or else <see cref="Tokens"/>.</summary>
    public long Closest => _counted ?? _tokens;

    /// <summary>
    /// Whether <see cref="Closest"/> goes by bytes, of the text or for the most part of the definitions of tools: what a provider counts may be
    /// far less.
    /// </summary>
    internal bool IsByBytes => _ofTools > Closest / 2 || (_counted is null && _parts.Exists(part => part.Text is not null));

    /// <summary>Whether a count may be lower than the bytes: the model's tokenizer is known, and everything can be seen.</summary>
    public bool CanCount => UnseenInput is null && _counter is not Utf8TokenCounter && _parts.Exists(part => part.Text is not null);

    /// <summary>The name of what has been added that cannot be seen; null for nothing.</summary>
    public string? UnseenInput { get; private set; }

    /// <summary>
    /// The fewest input tokens that are plausible for the text so far: what its tokenizer counts, once it has, and otherwise sixteen bytes
    /// a token. No bound of any kind; a provider that counts fewer has miscounted.
    /// </summary>
    public long LeastTokens { get; private set; }

    /// <summary>Adds the template around a message, and the name of its author when it has one.</summary>
    /// <param name="authorName">The name of the author; null for none.</param>
    /// <param name="role">Who speaks, as the request names it; null where that is not for the caller to choose. Some servers put any word into the prompt.</param>
    public InputBound AddMessage(string? authorName = null, string? role = null)
    {
        Add(PerMessage);
        if (role?.Length > LongestRole)
        {
            AddCounted(role);
        }

        return authorName is null ? this : Add(1).AddCounted(authorName);
    }

    /// <summary>Adds text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most tokens of a text that the provider takes.</param>
    public InputBound AddText(string? text, long most = long.MaxValue)
    {
        if (string.IsNullOrEmpty(text))
        {
            return this;
        }

        LeastTokens += Utf8(text) / MostBytesPerToken;
        return AddCounted(text, most);
    }

    /// <summary>Adds what a text has more than what was added since a point, which it repeats: as an SDK's own object does of the content that carries it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="since">The point, as <see cref="Mark"/> told it.</param>
    public InputBound AddRest(string text, InputMark since)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Add(new Part(text, Math.Max(0, Utf8(text) - (_tokens - since.Tokens)), since.Parts));
    }

    /// <summary>The present point, for <see cref="AddRest"/>.</summary>
    public InputMark Mark() => new(_tokens, _parts.Count);

    /// <summary>Counts the text with the model's tokenizer, once: in time linear in the text.</summary>
    /// <param name="cancellationToken">Stops counting.</param>
    /// <returns>The bound in tokens; never above <see cref="Tokens"/>.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public long Count(CancellationToken cancellationToken)
    {
        if (_counted is { } known)
        {
            return known;
        }

        // What each part comes to, added up, so that a rest can tell what it repeats.
        var sums = new long[_parts.Count + 1];
        sums[0] = _perCall;
        var text = 0L;
        for (var index = 0; index < _parts.Count; index++)
        {
            var part = _parts[index];
            var tokens = part.Text is null ? part.Bytes : Math.Min(_counter.Bound(part.Text, cancellationToken), part.Most);
            text += part is { Text: not null, Since: null } ? tokens : 0;
            sums[index + 1] = sums[index] + (part.Since is { } since ? Math.Max(0, tokens - (sums[index] - sums[since])) : tokens);
        }

        LeastTokens = Math.Max(LeastTokens, text);
        _counted = Math.Min(_tokens, sums[^1]);
        return _counted.Value;
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
        var bound = prompt + PerTool + (3 * bytes + 1) / 2;
        _ofTools += bound;
        return Add(bound);
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
        return Add(new Part(Text: null, tokens, Since: null));
    }

    private InputBound AddCounted(string text, long most = long.MaxValue) =>
        Add(new Part(text, Math.Min(Utf8(text), most), Since: null) { Most = most });

    private InputBound Add(Part part)
    {
        checked
        {
            _tokens += part.Bytes;
        }

        _parts.Add(part);
        _counted = null;
        return this;
    }

    private static long Utf8(string? text) => text is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(text);

    /// <summary>One addition: a text with its bytes, or a number of tokens alone. A rest repeats what was added since a part.</summary>
    private sealed record Part(string? Text, long Bytes, int? Since)
    {
        public long Most { get; init; } = long.MaxValue;
    }
}
